package ddl

import (
	"slices"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/schema"
)

// foreignKey is a column that references another table.
type foreignKey struct {
	table, column string
	to            dialect.Reference
}

// name is the name of a new foreign key. One that exists keeps its name when the table or the column is renamed.
func (k foreignKey) name() string { return schema.ConstraintName(k.table, "fk", k.column) }

// definition returns the foreign key as a line of CREATE TABLE, or behind ADD in ALTER TABLE.
func (k foreignKey) definition() string {
	sql := "CONSTRAINT " + Quote(k.name()) + " FOREIGN KEY (" + Quote(k.column) + ") REFERENCES " + Quote(k.to.Table) + " (" +
		Quote(k.to.Column) + ")"
	if k.to.OnUpdate != "" {
		sql += " ON UPDATE " + k.to.OnUpdate
	}
	if k.to.OnDelete != "" {
		sql += " ON DELETE " + k.to.OnDelete
	}
	return sql
}

// dropForeignKeys drops the foreign keys that prevent changes: of columns that are altered or removed, and between tables that
// are dropped.
func (b *builder) dropForeignKeys(changes []dialect.TableChange) {
	var dropped []string // tables, in the order in which they are dropped
	for _, c := range slices.Backward(changes) {
		if c.New == nil {
			dropped = append(dropped, c.Old.Name)
		}
	}
	for _, c := range changes {
		switch {
		case c.Old == nil:
		case c.New == nil:
			own := slices.Index(dropped, c.Old.Name)
			for _, column := range c.Old.Columns {
				if at := slices.Index(dropped, column.References.Table); at >= 0 && at < own {
					b.dropForeignKey(foreignKey{table: c.Old.Name, column: column.Name})
				}
			}
		default:
			for _, x := range c.Columns {
				if x.Old != nil && x.Old.References.Table != "" && (x.New == nil || x.Altered) {
					b.dropForeignKey(foreignKey{table: c.Old.Name, column: x.Old.Name})
				}
			}
		}
	}
}

func (b *builder) dropForeignKey(k foreignKey) {
	b.steps = append(b.steps, statement{
		sql: "ALTER TABLE " + Quote(k.table) + " DROP FOREIGN KEY " + Quote(k.name()), foreign: &k,
	})
}

// addForeignKeys creates the foreign keys that could not be part of a CREATE TABLE.
func (b *builder) addForeignKeys() {
	for _, k := range b.later {
		b.exec("ALTER TABLE %s ADD %s", Quote(k.table), k.definition())
	}
}
