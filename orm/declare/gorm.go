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

// quietly runs GORM's parser without what it prints on its own: remarks about our BeforeSave(ctx) methods, which it takes
// for hooks of its own, and errors that are returned as well.
func quietly[T any](parse func() (T, error)) (T, error) {
	parsing.Lock()
	defer parsing.Unlock()
	usual := logger.Default
	logger.Default = logger.Discard
	defer func() { logger.Default = usual }()
	return parse()
}

// Quietly runs fn while GORM's default logger says nothing; parsing a model of ours with GORM needs it.
func Quietly(fn func() error) error {
	_, err := quietly(func() (struct{}, error) { return struct{}{}, fn() })
	return err
}

// gormHooks notes hooks in GORM's form, which our writes do not run.
func (p *parser) gormHooks() {
	g := p.gorm
	for _, hook := range []struct {
		there bool
		name  string
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
		if hook.there {
			p.problems = append(p.problems, problem.Warning("orm.W004", p.model.String(), hook.name+"(*gorm.DB) runs only for what is done with db.Gorm", "write BeforeSave, AfterSave, BeforeDelete or AfterDelete with (ctx context.Context) error"))
		}
	}
}

// namer is our naming for GORM's parser.
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

// Namer is the naming strategy for a *gorm.DB that is to agree with registered models.
func Namer() gschema.Namer { return namer{} }
