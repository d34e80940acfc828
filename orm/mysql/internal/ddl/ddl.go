// Package ddl plans and runs changes of tables in MariaDB and MySQL.
//
// Neither database can roll back a change of a table, so that an operation makes as few of them as possible: one ALTER
// TABLE for each table, after the statements that give existing rows their values. Foreign keys are removed before all other
// changes and created after them.
package ddl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
)

// Migrations are the capabilities of the dialect that migrations use.
type Migrations struct{}

var (
	_ dialect.Planner      = Migrations{}
	_ dialect.Executor     = Migrations{}
	_ dialect.Introspector = Migrations{}
)

// Quote returns a name as an identifier.
func Quote(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

// quoteAll returns names as a list in parentheses.
func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = Quote(name)
	}
	return "(" + strings.Join(quoted, ", ") + ")"
}

// quoteText returns a text as a literal.
func quoteText(s string) string {
	return "'" + strings.NewReplacer("'", "''", `\`, `\\`).Replace(s) + "'"
}

// Plan implements [dialect.Planner].
func (Migrations) Plan(changes []dialect.TableChange) ([]dialect.Step, error) {
	b := builder{missing: map[string]bool{}}
	changes, err := translated(changes)
	if err != nil {
		return nil, err
	}
	for _, c := range changes {
		if c.Old == nil {
			b.missing[c.New.Name] = true
		}
	}
	b.dropForeignKeys(changes)
	for _, c := range slices.Backward(changes) {
		if c.New == nil {
			b.exec("DROP TABLE %s", Quote(c.Old.Name))
		}
	}
	for _, c := range changes {
		switch {
		case c.New == nil:
		case c.Old == nil:
			if err := b.create(c.New); err != nil {
				return nil, err
			}
		default:
			if err := b.alter(c); err != nil {
				return nil, err
			}
		}
	}
	b.addForeignKeys()
	return b.steps, nil
}

// Script implements [dialect.Planner]. Each change of a table commits what was done before it, so that there is no
// transaction to show.
func (Migrations) Script() (before, after []string) { return nil, nil }

// builder collects steps.
type builder struct {
	steps   []dialect.Step
	missing map[string]bool // tables that a later step creates
	later   []foreignKey    // created at the end
}

func (b *builder) exec(format string, args ...any) {
	b.steps = append(b.steps, statement{sql: fmt.Sprintf(format, args...)})
}

// guard stops the migration with a message if a query returns a row.
func (b *builder) guard(message, format string, args ...any) {
	b.steps = append(b.steps, statement{sql: fmt.Sprintf(format, args...), guard: message})
}

// statement is one step of a plan.
type statement struct {
	sql string
	// guard is the message with which the migration stops if the query sql returns a row.
	guard string
	// foreign is the column whose foreign key is dropped, whatever its name is; then sql shows the name that it should have.
	foreign *foreignKey
}

// String returns the statement as sqlmigrate shows it.
func (s statement) String() string {
	if s.guard != "" {
		return "-- must yield no row: " + s.sql + ";"
	}
	return s.sql + ";"
}
