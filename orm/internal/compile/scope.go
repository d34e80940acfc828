package compile

import (
	"slices"

	"github.com/quintetgo/quintet/orm/schema"
)

// scope is a FROM clause: the query's own table or that of an EXISTS, with the tables joined to it.
type scope struct {
	outer  *scope // around an EXISTS
	query  *Query // of the query's own scope
	table  string
	alias  string
	prefix []schema.Step // from the query's model to this table
	joins  []join
	many   bool // to-many relations may be joined: inside an aggregate's subquery
}

// join is a table joined to a scope's table or to another join.
type join struct {
	steps                 []schema.Step // from the scope's table
	table, alias          string
	column                string
	fromAlias, fromColumn string
	left                  bool
}

// single is a step that uses one foreign key: many-to-many relations are walked as two of them.
func single(steps []schema.Step) []schema.Step {
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

// ends answers the table that a step reaches, and the columns that join it: its own, and that of the table before.
func ends(s schema.Step) (table, column, fromColumn string) {
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

// within reports whether the scope lies on the way that steps take, and answers the steps from it on.
func (s *scope) rest(steps []schema.Step) ([]schema.Step, bool) {
	if len(steps) < len(s.prefix) || !slices.Equal(steps[:len(s.prefix)], s.prefix) {
		return nil, false
	}
	return steps[len(s.prefix):], true
}

// home is the innermost scope that lies on the way that steps take. The query's own scope lies on every way.
func (s *scope) home(steps []schema.Step) (*scope, []schema.Step) {
	for at := s; ; at = at.outer {
		if rest, ok := at.rest(steps); ok {
			return at, rest
		}
	}
}

// firstMany is the index of the first step that the scope cannot join, or -1.
func (s *scope) firstMany(rest []schema.Step) int {
	if s.many {
		return -1
	}
	return slices.IndexFunc(rest, schema.Step.ToMany)
}

// follow joins the tables of steps and answers the alias of the last one, and whether its row may be missing.
func (s *scope) follow(c *compiler, steps []schema.Step) (alias string, missing bool) {
	alias = s.alias
	for i, step := range steps {
		at := slices.IndexFunc(s.joins, func(j join) bool { return slices.Equal(j.steps, steps[:i+1]) })
		if at < 0 {
			table, column, fromColumn := ends(step)
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
	c.Name(s.table)
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

// place is a column in a scope.
type place struct {
	alias, column string
	null          bool // its value may be NULL
}

// locate finds the column of a field at the end of steps, which contain no to-many one for the scope. A target's key is
// read from the foreign key that points at it.
func (s *scope) locate(c *compiler, rest []schema.Step, f *schema.Field) place {
	for n := len(rest); n > 0; n = len(rest) {
		last := rest[n-1]
		_, target, key := ends(last)
		if last.Reverse || target != f.Column || f.Model != last.Relation.To {
			break
		}
		rest = rest[:n-1]
		null := last.Relation.Field.Null
		if len(rest) == 0 {
			return place{alias: s.alias, column: key, null: null}
		}
		f = last.Relation.Field
	}
	alias, missing := s.follow(c, rest)
	return place{alias: alias, column: f.Column, null: missing || f.Null}
}

// enter makes the scope of the table that a to-many step reaches, to be linked by [compiler.link].
func (c *compiler) enter(outer *scope, steps []schema.Step) *scope {
	table, _, _ := ends(steps[len(steps)-1])
	return &scope{outer: outer, table: table, alias: c.alias(), prefix: steps}
}

// link writes the condition that ties an inner scope to the row outside.
func (c *compiler) link(inner, outer *scope, rest []schema.Step) {
	last := len(rest) - 1
	_, column, _ := ends(rest[last])
	r := rest[last].Relation
	to := r.ToField
	if to == nil {
		to = r.To.PK
	}
	from := outer.locate(c, rest[:last], to)
	c.Column(inner.alias, column)
	c.Text(" = ")
	c.Column(from.alias, from.column)
}
