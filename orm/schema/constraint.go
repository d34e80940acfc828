package schema

import (
	"context"

	"github.com/quintetgo/quintet/orm/dialect"
)

// Condition is a condition on the rows of a model as descriptions of models contain it: an orm.Condition, or an
// dynamic.ConditionFunc, which computes one.
type Condition interface {
	// Resolve returns the condition for a context, in the form in which package orm keeps conditions.
	Resolve(ctx context.Context) (any, error)
}

// Index is a plain index of fields, or of SQL expressions.
type Index struct {
	Name        string
	Fields      []string // names of fields, "-" before one means descending
	Expressions []string // SQL expressions that follow the fields, such as "lower(title)"
	Where       string   // SQL condition of a partial index, "" for none
	Include     []string // names of fields that the index holds without ordering by them
	// OperatorClasses are those of Fields and then of Expressions, "" for the default one.
	OperatorClasses []string
	Method          string // of the database, such as "gin"; "" for its default
}

// Unique is a constraint: no two rows have the same values in all of the fields and expressions. NULL is not equal to
// anything, unless NullsNotDistinct.
type Unique struct {
	Name             string
	Fields           []string
	Expressions      []string // SQL expressions that follow the fields, such as "lower(email)"
	Where            string   // SQL condition of the rows to which it applies, "" for all
	Include          []string // names of fields that its index holds without comparing them
	OperatorClasses  []string // of Fields and then of Expressions, "" for the default one
	NullsNotDistinct bool     // NULL is equal to NULL
	Deferrable       dialect.Deferrable
	Message          string // user-facing message; "" for a general one
}

// Check is a condition that the database enforces. A row for which it is NULL meets it.
type Check struct {
	Name    string
	SQL     string
	Message string // user-facing message; "" for a general one
}
