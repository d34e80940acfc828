package migrate

import "context"

// MigrationsApp is implemented by apps that have migrations: func (App) Migrations() []migrate.Migration { return
// migrations.All }.
type MigrationsApp interface {
	Name() string
	Migrations() []Migration
}

// PostMigrateApp is implemented by apps that bring rows up to date after the command migrate has run, whether or not it
// had anything to do; auth makes its permissions there. It must be repeatable.
type PostMigrateApp interface {
	Name() string
	PostMigrate(ctx context.Context) error
}
