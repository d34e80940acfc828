package compile

import (
	"slices"

	"github.com/quintetgo/quintet/orm/schema"
)

// scope is a FROM clause: the table of a query or of an EXISTS, with the tables joined to it.
type scope struct {
	outer  *scope // around an EXISTS
	query  *Query // nil for an EXISTS
	table  string
	alias  string
	prefix []schema.Step // from the query's model to this table
	joins  []join
	many   bool          // to-many relations may be joined: inside an aggregate's subquery
	part   bool          // the query is a part of a source, which cannot refer to the query around it
	source []byte        // SQL of what the query selects from instead of the table
	values []sourceValue // computed columns of the source
}

// join is a table joined to a scope's table or to another join.
type join struct {
	steps                 []schema.Step // from the scope's table
	table, alias          string
	column                string
	fromAlias, fromColumn string
	left                  bool
}

// expandThrough replaces each step over a many-to-many relation by two steps, to its through table and on from there.
func expandThrough(steps []schema.Step) []schema.Step {
	if !slices.ContainsFunc(steps, func(s schema.Step) bool { return s.Relation.Kind == schema.KindManyToMany }) {
		return steps
	}
	var out []schema.Step
	for _, s := range steps {
		r := s.Relation
		switch {
		case r.Kind != schema.KindManyToMany:
			out = append(out, s)
		case s.Reverse:
			out = append(out, schema.Step{Relation: r.ThroughTo.Relation, Reverse: true}, schema.Step{Relation: r.ThroughFrom.Relation})
		default:
			out = append(out, schema.Step{Relation: r.ThroughFrom.Relation, Reverse: true}, schema.Step{Relation: r.ThroughTo.Relation})
		}
	}
	return out
}

// joinColumns returns the table that a step reaches, its column, and the column of the table before that it is joined to.
func joinColumns(s schema.Step) (table, column, fromColumn string) {
	r := s.Relation
	to := r.ToField
	if to == nil {
		to = r.To.PK
	}
	if s.Reverse {
		return r.From.Table, r.Field.Column, to.Column
	}
	return r.To.Table, to.Column, r.Field.Column
}

// relative returns the steps after the scope's table, and whether steps lead through it at all.
func (s *scope) relative(steps []schema.Step) ([]schema.Step, bool) {
	if len(steps) < len(s.prefix) || !slices.Equal(steps[:len(s.prefix)], s.prefix) {
		return nil, false
	}
	return steps[len(s.prefix):], true
}

// enclosing returns the innermost scope whose table steps lead through, and the steps after it. All steps lead through the scope of
// the query.
func (s *scope) enclosing(steps []schema.Step) (*scope, []schema.Step) {
	for at := s; ; at = at.outer {
		if remaining, ok := at.relative(steps); ok {
			return at, remaining
		}
	}
}

// firstMany returns the index of the first step that the scope cannot join, or -1.
func (s *scope) firstMany(remaining []schema.Step) int {
	if s.many {
		return -1
	}
	return slices.IndexFunc(remaining, schema.Step.ToMany)
}

// follow joins the tables of steps. It returns the alias of the last one, and whether its row may be missing.
func (s *scope) follow(c *compiler, steps []schema.Step) (alias string, missing bool) {
	alias = s.alias
	for i, step := range steps {
		at := slices.IndexFunc(s.joins, func(j join) bool { return slices.Equal(j.steps, steps[:i+1]) })
		if at < 0 {
			table, column, fromColumn := joinColumns(step)
			r := step.Relation
			left := missing || !step.ToMany() && (step.Reverse || r.Field.Null || !r.Constraint)
			s.joins = append(s.joins, join{
				steps: steps[:i+1], table: table, alias: c.alias(), column: column, fromAlias: alias, fromColumn: fromColumn, left: left,
			})
			at = len(s.joins) - 1
		}
		alias, missing = s.joins[at].alias, s.joins[at].left
	}
	return alias, missing
}

// from writes the table and its joins.
func (s *scope) from(c *compiler) {
	c.Text(" FROM ")
	if s.source != nil {
		c.Raw(s.source)
	} else {
		c.Name(s.table)
	}
	c.Text(" AS ")
	c.Text(s.alias)
	for _, j := range s.joins {
		if j.left {
			c.Text(" LEFT JOIN ")
		} else {
			c.Text(" JOIN ")
		}
		c.Name(j.table)
		c.Text(" AS ")
		c.Text(j.alias)
		c.Text(" ON ")
		c.Column(j.alias, j.column)
		c.Text(" = ")
		c.Column(j.fromAlias, j.fromColumn)
	}
}

// columnRef is a column in a scope.
type columnRef struct {
	alias, column string
	null          bool // its value may be NULL
}

// columnOf returns the column of a field at the end of steps, none of which leads to many rows in this scope. The key of a
// target is read from the foreign key that refers to it.
func (s *scope) columnOf(c *compiler, remaining []schema.Step, f *schema.Field) columnRef {
	for n := len(remaining); n > 0; n = len(remaining) {
		last := remaining[n-1]
		_, target, key := joinColumns(last)
		if last.Reverse || target != f.Column || f.Model != last.Relation.To {
			break
		}
		remaining = remaining[:n-1]
		null := last.Relation.Field.Null
		if len(remaining) == 0 {
			return columnRef{alias: s.alias, column: key, null: null}
		}
		f = last.Relation.Field
	}
	alias, missing := s.follow(c, remaining)
	return columnRef{alias: alias, column: f.Column, null: missing || f.Null}
}

// innerScope returns the scope of the table that a step to many rows reaches. It is connected by [compiler.correlate].
func (c *compiler) innerScope(outer *scope, steps []schema.Step) *scope {
	table, _, _ := joinColumns(steps[len(steps)-1])
	return &scope{outer: outer, table: table, alias: c.alias(), prefix: steps}
}

// correlate writes the condition that connects an inner scope with the row of the outer one.
func (c *compiler) correlate(inner, outer *scope, remaining []schema.Step) {
	last := len(remaining) - 1
	_, column, _ := joinColumns(remaining[last])
	r := remaining[last].Relation
	to := r.ToField
	if to == nil {
		to = r.To.PK
	}
	from := outer.columnOf(c, remaining[:last], to)
	c.Column(inner.alias, column)
	c.Text(" = ")
	c.Column(from.alias, from.column)
}
