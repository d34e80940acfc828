package declare

import (
	"sync"

	"gorm.io/gorm/logger"
	gschema "gorm.io/gorm/schema"

	"github.com/quintetgo/quintet/orm/internal/problem"
	"github.com/quintetgo/quintet/orm/schema"
)

// parsing guards GORM's default logger while it is replaced.
var parsing sync.Mutex //nolint:gochecknoglobals // guards a global of another module

// quietly runs GORM's parser without its log: it logs remarks about BeforeSave(ctx) methods, which it takes for its own
// hooks, and errors that it returns too.
func quietly[T any](parse func() (T, error)) (T, error) {
	parsing.Lock()
	defer parsing.Unlock()
	previous := logger.Default
	logger.Default = logger.Discard
	defer func() { logger.Default = previous }()
	return parse()
}

// Quietly runs fn while GORM's default logger is off. It is needed to parse a registered model with GORM, which
// otherwise logs remarks about its hooks.
func Quietly(fn func() error) error {
	_, err := quietly(func() (struct{}, error) { return struct{}{}, fn() })
	return err
}

// gormHooks reports hooks with GORM's signature, which writes through the orm do not run.
func (p *parser) gormHooks() {
	g := p.gorm
	for _, hook := range []struct {
		exists bool
		name   string
	}{
		{g.BeforeCreate, "BeforeCreate"},
		{g.AfterCreate, "AfterCreate"},
		{g.BeforeUpdate, "BeforeUpdate"},
		{g.AfterUpdate, "AfterUpdate"},
		{g.BeforeSave, "BeforeSave"},
		{g.AfterSave, "AfterSave"},
		{g.BeforeDelete, "BeforeDelete"},
		{g.AfterDelete, "AfterDelete"},
		{g.AfterFind, "AfterFind"},
	} {
		if hook.exists {
			p.problems = append(p.problems, problem.Warning(
				"orm.W004",
				p.model.String(),
				hook.name+"(*gorm.DB) runs only for writes with db.Gorm",
				"Write BeforeSave, AfterSave, BeforeDelete or AfterDelete with (ctx context.Context) error.",
			))
		}
	}
}

// namer is the naming strategy for GORM's parser.
type namer struct{ app string }

func (n namer) TableName(name string) string       { return schema.TableName(n.app, name) }
func (n namer) SchemaName(table string) string     { return table }
func (n namer) ColumnName(_, column string) string { return schema.SnakeName(column) }
func (n namer) JoinTableName(name string) string   { return name }
func (n namer) RelationshipFKName(rel gschema.Relationship) string {
	return schema.ConstraintName(rel.Schema.Table, "fk", schema.SnakeName(rel.Name))
}

func (n namer) CheckerName(table, column string) string {
	return schema.ConstraintName(table, "check", column)
}

func (n namer) IndexName(table, column string) string {
	return schema.ConstraintName(table, "idx", schema.SnakeName(column))
}

func (n namer) UniqueName(table, column string) string {
	return schema.ConstraintName(table, "uniq", schema.SnakeName(column))
}

// Namer returns the naming strategy for a *gorm.DB, so that its names agree with those of registered models.
func Namer() gschema.Namer { return namer{} }
