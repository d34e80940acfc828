package compile

import (
	"bytes"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/operand"
	"github.com/quintetgo/quintet/orm/schema"
)

// Set assigns a value to a column: a Go value, or an Expr over columns of the same row.
type Set struct {
	Root  reflect.Type // of the struct that Name is a field of; nil for any
	Name  string
	Value any

	number int // from that of the last condition; see Query.NumberedSets
}

// Update compiles the change of every row that q selects.
func Update(d dialect.Dialect, q *Query, sets []Set) (Statement, error) {
	if len(sets) == 0 {
		return Statement{}, fmt.Errorf("orm: %s: Update needs at least one assignment", q.Model.Name)
	}
	c := newCompiler(d)
	q, err := distinctRows(q)
	if err != nil {
		return Statement{}, err
	}
	bare := *q
	bare.Related, bare.Lock = nil, nil
	s := c.pushQuery(&bare)
	c.Text("UPDATE ")
	c.Name(s.table)
	c.Text(" AS ")
	c.Text(s.alias)
	c.Text(" SET ")
	for i, set := range sets {
		if i > 0 {
			c.Text(", ")
		}
		if err := c.set(&bare, s, set); err != nil {
			return Statement{}, err
		}
	}
	if v := q.Model.Version; v != nil && !slices.ContainsFunc(sets, func(set Set) bool { return q.Model.Lookup(set.Name) == v }) {
		c.Text(", ")
		c.Name(v.Column)
		c.Text(" = ")
		c.Name(v.Column)
		c.Text(" + 1")
	}
	if len(s.joins) > 0 {
		return Statement{}, fmt.Errorf("orm: %s: Update cannot take values from related rows", q.Model.Name)
	}
	simple := q.Limit <= 0 && q.Offset <= 0 && !q.Distinct && q.Source == nil
	bound, aliases := c.Bound(), c.aliases
	where, _, err := c.conditions(&bare, s)
	if err != nil {
		return Statement{}, err
	}
	direct := dialect.ReadsTarget(d) || !c.reads(where, s.table)
	if simple && len(s.joins) == 0 && direct {
		c.Raw(where)
		return c.statement()
	}
	if !direct && q.Limit <= 0 && q.Offset <= 0 { // a table of distinct rows is read before the first row is changed
		bare.Distinct, bare.Order = true, nil
	}
	// Joined tables and limits need a SELECT, which is compiled again with its own aliases.
	c.Unbind(bound)
	c.aliases, s.joins = aliases, nil
	list, err := c.Capture(func() error { c.keyColumns(s.alias, q.Model); return nil })
	if err != nil {
		return Statement{}, err
	}
	c.Text(" WHERE ")
	if len(q.Model.PrimaryKeys) > 1 {
		c.Text("(")
		c.keyColumns(s.alias, q.Model)
		c.Text(")")
	} else {
		c.keyColumns(s.alias, q.Model)
	}
	c.Text(" IN (")
	if err := c.listed(&bare, s, list, !direct); err != nil {
		return Statement{}, err
	}
	c.Text(")")
	return c.statement()
}

// InsertFrom compiles the insertion of a row into the table of a model for every row that q selects. The names of sets are fields
// of the model, and their expressions are computed from the rows of q.
func InsertFrom(d dialect.Dialect, to *schema.Model, q *Query, sets []Set) (Statement, error) {
	if q.Groups != nil {
		return Statement{}, fmt.Errorf("orm: %s: CreateFrom takes rows, and %s is grouped; remove GroupBy", to, q.Model)
	}
	c := newCompiler(d)
	q, err := distinctRows(q)
	if err != nil {
		return Statement{}, err
	}
	bare := *q
	bare.Related, bare.Lock = nil, nil
	s := c.pushQuery(&bare)
	fields := make([]*schema.Field, len(sets))
	for i, set := range sets {
		if fields[i], err = insertedField(to, set, fields[:i]); err != nil {
			return Statement{}, err
		}
	}
	list, err := c.Capture(func() error {
		for i, set := range sets {
			if i > 0 {
				c.Text(", ")
			}
			if err := c.inserted(s, q.Model, fields[i], set); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Statement{}, err
	}
	c.Text("INSERT INTO ")
	c.Name(to.Table)
	c.Text(" (")
	for i, f := range fields {
		if i > 0 {
			c.Text(", ")
		}
		c.Name(f.Column)
	}
	c.Text(") ")
	if err := c.query(&bare, s, list); err != nil {
		return Statement{}, err
	}
	return c.statement()
}

// insertedField returns the field that an assignment of InsertFrom sets, which is none of the others.
func insertedField(to *schema.Model, set Set, others []*schema.Field) (*schema.Field, error) {
	if err := CheckRoot(to, set.Root, set.Name); err != nil {
		return nil, err
	}
	f, err := to.Field(set.Name)
	switch {
	case err != nil:
		return nil, err
	case f.Column == "":
		return nil, lookupError(to, set.Name, set.Name, "CreateFrom cannot set the many-to-many %q; use CreateLinks", set.Name)
	case f.Generated != "" || !f.Insertable():
		return nil, lookupError(to, set.Name, set.Name, "%q is never inserted: %s", set.Name, whyFixed(f))
	case slices.Contains(others, f):
		return nil, lookupError(to, set.Name, set.Name, "CreateFrom sets %q twice", set.Name)
	}
	return f, nil
}

// inserted writes one value of the rows that InsertFrom inserts.
func (c *compiler) inserted(s *scope, from *schema.Model, f *schema.Field, set Set) error {
	if e, ok := set.Value.(*Expr); ok {
		if err := CheckRoots(from, e); err != nil {
			return err
		}
		if e.Kind != Literal {
			return c.computedSet(s, f, e)
		}
	}
	value, err := constant(f, set)
	if err != nil {
		return err
	}
	if value == nil {
		c.BindTyped(nil, f.StorageType())
		return nil
	}
	k := c.assignee(f, set)
	bound, err := k.Assigned(value)
	if err != nil {
		return err
	}
	c.BindTyped(bound, f.StorageType())
	return nil
}

// reads reports whether a condition has a subquery over a table.
func (c *compiler) reads(where []byte, table string) bool {
	return bytes.Contains(where, []byte(" FROM "+c.Dialect().Quote(table)))
}

// keyColumns writes the columns of the primary key.
func (c *compiler) keyColumns(alias string, m *schema.Model) {
	for i, key := range m.PrimaryKeys {
		if i > 0 {
			c.Text(", ")
		}
		c.Column(alias, key.Column)
	}
}

func (c *compiler) set(q *Query, s *scope, set Set) error {
	if err := CheckRoot(q.Model, set.Root, set.Name); err != nil {
		return err
	}
	f, err := q.Model.Field(set.Name)
	if err != nil {
		return err
	}
	if f.Column == "" {
		return &schema.LookupError{
			Model: q.Model, Path: set.Name, Part: set.Name,
			Problem: fmt.Sprintf("Update cannot set the many-to-many %q; use Related", set.Name),
		}
	}
	if !f.Updatable() {
		return lookupError(q.Model, set.Name, set.Name, "%q is never changed: %s", set.Name, whyFixed(f))
	}
	c.Name(f.Column)
	c.Text(" = ")
	if e, ok := set.Value.(*Expr); ok && e.Kind != Literal && strings.Contains(e.Path, "__") {
		return &schema.LookupError{Model: q.Model, Path: e.Path, Part: e.Path, Problem: "Update cannot take values from related rows"}
	}
	if e, ok := set.Value.(*Expr); ok && e.Kind != Literal {
		return c.computedSet(s, f, e)
	}
	value, err := constant(f, set)
	if err != nil {
		return err
	}
	if value == nil {
		c.Text("NULL")
		return nil
	}
	k := c.assignee(f, set)
	bound, err := k.Assigned(value)
	if err != nil {
		return err
	}
	if set.number > 0 {
		c.sources = append(c.sources, source{arg: c.Bound(), number: set.number, element: -1, binder: operand.NewBinder(k, true)})
	}
	c.Bind(bound)
	return nil
}

// constant returns the Go value of an assignment, nil for NULL.
func constant(f *schema.Field, set Set) (any, error) {
	value := set.Value
	if e, ok := value.(*Expr); ok {
		value = e.Value
	}
	value = operand.Dereference(value)
	if value == nil && !f.Null {
		return nil, lookupError(f.Model, set.Name, set.Name, "%q does not take NULL", set.Name)
	}
	return value, nil
}

// assignee is what a value of an assignment is encoded for.
func (c *compiler) assignee(f *schema.Field, set Set) operand.Target {
	return operand.Target{Field: f, Kind: f.ColumnKind(), Model: f.Model, Path: set.Name, Lookup: "set", Dialect: c.Dialect()}
}

// whyFixed returns why no UPDATE writes a field.
func whyFixed(f *schema.Field) string {
	if f.Generated != "" {
		return "the database computes it"
	}
	return "its gorm tag forbids it"
}

// computedSet writes an expression as the new value of a column. A result that the column cannot store is an error of the
// statement, as one such row would break every query on the table.
func (c *compiler) computedSet(s *scope, f *schema.Field, e *Expr) error {
	var kind schema.Kind
	text, err := c.Capture(func() (err error) {
		var source *schema.Field
		if kind, source, err = c.expression(e, s); err == nil && source != nil && kind.IsRelation() {
			kind = source.ColumnKind()
		}
		return err
	})
	if err != nil {
		return err
	}
	if !canStore(f.ColumnKind(), kind) {
		return lookupError(f.Model, f.Name, f.Name, "%q is a %s and cannot take its value from a %s", f.Name, f.ColumnKind(), kind)
	}
	write := func() error { c.Put(text); return nil }
	to := dialect.Assignment{
		Table: f.Model.Table, Column: f.Column, Type: f.StorageType(), Precision: f.Precision, Scale: f.Scale,
		Min: math.MinInt64, Max: math.MaxInt64,
	}
	lo, hi, whole := f.Limits()
	switch {
	case whole:
		to.Min, to.Max = lo, hi
	case to.Type == dialect.TypeDecimal, to.Type == dialect.TypeFloat, to.Type == dialect.TypeDuration:
	default:
		return write()
	}
	return c.Assign(to, write)
}

// canStore reports whether a column of one kind can store the value of an expression of another.
func canStore(column, value schema.Kind) bool {
	switch {
	case column == value, value == schema.KindUnknown, column.IsText() && (value.IsText() || value.IsNumber()):
		return true
	case column.IsNumber():
		return value.IsNumber() || value == schema.KindBool || value == schema.KindDuration
	case column == schema.KindDuration:
		return value.IsNumber()
	}
	return false
}
