package compile

import (
	"fmt"
	"slices"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/schema"
)

// Cells is a selection of single values, one a column.
type Cells struct {
	Statement
	Fields []*schema.Field // nil for computed values
	Kinds  []schema.Kind
}

// pushQuery begins a query, the outermost one of a statement or one inside another. It returns its scope.
func (c *compiler) pushQuery(q *Query) *scope {
	s := &scope{query: q, table: q.Model.Table, alias: c.alias()}
	if len(c.roots) == 0 {
		c.scoping = q.Scoping
	}
	c.roots = append(c.roots, s)
	return s
}

func (c *compiler) popQuery() { c.roots = c.roots[:len(c.roots)-1] }

// statement returns the finished statement, or an error if it is too large for the database, whose own error would name neither
// the model nor a remedy.
func (c *compiler) statement() (Statement, error) {
	values, bytes := c.Dialect().MaxArguments(), dialect.MaxStatement(c.Dialect())
	m := c.roots[0].query.Model
	switch {
	case c.Bound() > values:
		return Statement{}, lookupError(m, "", "", "the conditions have %d values, and the database accepts %d in a statement; "+
			"use one lookup \"in\" with a list, or several queries", c.Bound(), values)
	case bytes > 0 && c.Len() > bytes:
		return Statement{}, lookupError(m, "", "", "the statement has %d bytes, and the database accepts %d; use several queries",
			c.Len(), bytes)
	}
	statement := Statement{SQL: c.SQL(), Args: c.Args()}
	statement.sources, statement.Reusable = c.reusable()
	return statement, nil
}

// query writes a whole SELECT with the given list.
func (c *compiler) query(q *Query, s *scope, list []byte) error {
	if q.Source != nil {
		source, err := c.Capture(func() error { return c.sourceTable(s) })
		if err != nil {
			return err
		}
		s.source = source
	}
	where, having, err := c.conditions(q, s)
	if err != nil {
		return err
	}
	groups, err := c.Capture(func() error { return c.groupBy(q, s) })
	if err != nil {
		return err
	}
	if len(having) > 0 {
		text, err := c.Capture(func() error {
			c.Text(" HAVING ")
			_, err := c.and(having, s)
			return err
		})
		if err != nil {
			return err
		}
		groups = append(groups, text...)
	}
	order, err := c.Capture(func() error { return c.orderBy(q.Order, s) })
	if err != nil {
		return err
	}
	c.Text("SELECT ")
	if q.Distinct {
		c.Text("DISTINCT ")
	}
	c.Put(list)
	s.from(c)
	c.Put(where)
	c.Put(groups)
	c.Put(order)
	c.limit(q)
	if q.Lock != nil {
		return c.lock(q, s)
	}
	return nil
}

// conditions returns the WHERE clause, and the conditions on groups, which belong in HAVING.
func (c *compiler) conditions(q *Query, s *scope) (where []byte, having []condition, err error) {
	if err := c.checkDatabase(q); err != nil {
		return nil, nil, err
	}
	where, err = c.Capture(func() error {
		if q.None {
			c.Text(" WHERE 1 = 0")
			return nil
		}
		var all []condition
		if q.Source == nil {
			scopes, err := c.scoped(q.Model, nil, q.Lifted)
			if err != nil {
				return err
			}
			all = scopes
		} else if q.Source.ranked != nil { // the queries of a source have been scoped
			all = append(all, condition{op: firstRank})
		}
		for _, n := range q.Where {
			cond, err := c.resolve(q, n)
			switch {
			case err != nil:
				return err
			case q.Groups != nil && ofGroups(cond):
				having = append(having, cond)
			case cond.op != And || len(cond.nodes) > 0:
				all = append(all, cond)
			}
		}
		if len(all) == 0 {
			return nil
		}
		c.Text(" WHERE ")
		var parts []part
		for _, cond := range all {
			if cond.op == And {
				parts = append(parts, c.andParts(cond.nodes, s)...)
			} else {
				parts = append(parts, func() (bool, error) { return c.where(cond, s) })
			}
		}
		_, err := c.balanced(" AND ", parts)
		return err
	})
	return where, having, err
}

// ofGroups reports whether a condition is one on groups rather than on their rows.
func ofGroups(cond condition) bool {
	return cond.leaf != nil && cond.leaf.having || slices.ContainsFunc(cond.nodes, ofGroups)
}

// checkDatabase returns an error if a query inside another one is on another database, whose rows the statement cannot see.
func (c *compiler) checkDatabase(q *Query) error {
	outer := c.roots[0].query
	if q.Database == nil || outer.Database == nil || q.Database == outer.Database {
		return nil
	}
	return fmt.Errorf("orm: a query on %s of another database cannot be a part of a query on %s; read its keys first, and pass them",
		q.Model, outer.Model)
}

func (c *compiler) groupBy(q *Query, s *scope) error {
	for i, text := range q.Groups {
		if i == 0 {
			c.Text(" GROUP BY ")
		} else {
			c.Text(", ")
		}
		if annotation, _ := q.annotation(text); annotation != nil {
			// A bound value in an expression is another one each time, so databases do not find the selected expression
			// equal; its number in the list of values is.
			if n := slices.Index(c.selected, text); n >= 0 && len(c.roots) == 1 {
				c.Int(n + 1)
				continue
			}
		}
		if _, _, err := c.expression(&Expr{Kind: Ref, Path: text}, s); err != nil {
			return err
		}
	}
	return nil
}

// Values compiles the selection of single values: paths or names of annotations.
func Values(d dialect.Dialect, q *Query, names []string) (*Cells, error) {
	c := newCompiler(d)
	q, err := distinctRows(q)
	if err != nil {
		return nil, err
	}
	s := c.pushQuery(q)
	c.selected = names
	cells := &Cells{}
	list, err := c.Capture(func() error { return c.cells(cells, names, s) })
	if err != nil {
		return nil, err
	}
	if err := c.query(q, s, list); err != nil {
		return nil, err
	}
	cells.Statement, err = c.statement()
	return cells, err
}

// cells writes single values as a list of columns, and adds their fields and kinds to cells.
func (c *compiler) cells(cells *Cells, names []string, s *scope) error {
	for i, name := range names {
		if i > 0 {
			c.Text(", ")
		}
		start := c.Len()
		kind, field, err := c.expression(&Expr{Kind: Ref, Path: name}, s)
		if err != nil {
			return err
		}
		if field != nil {
			before, after := c.ReadAs(field.StorageType())
			c.Insert(start, before)
			c.Text(after)
		}
		cells.Kinds = append(cells.Kinds, kind)
		cells.Fields = append(cells.Fields, field)
	}
	return nil
}

// Plain reports whether the query selects every row of the table, each once.
func (q *Query) Plain() bool {
	return len(q.Where) == 0 && !q.None && q.Groups == nil && q.Source == nil && len(q.DistinctOn) == 0 && q.Limit <= 0 && q.Offset <= 0
}

// Count compiles the number of rows that q selects.
func Count(d dialect.Dialect, q *Query) (Statement, error) {
	c := newCompiler(d)
	q, err := distinctRows(q)
	if err != nil {
		return Statement{}, err
	}
	bare := *q
	bare.Order, bare.Related, bare.Lock = nil, nil, nil
	s := c.pushQuery(&bare)
	if !q.Distinct && q.Limit <= 0 && q.Offset <= 0 && len(q.Groups) == 0 {
		bare.Groups = nil
		if err := c.query(&bare, s, []byte("COUNT(*)")); err != nil {
			return Statement{}, err
		}
		return c.statement()
	}
	c.Text("SELECT COUNT(*) FROM (")
	list := []byte("1")
	if q.Distinct {
		if list, err = c.Capture(func() error { c.keyColumns(s.alias, q.Model); return nil }); err != nil {
			return Statement{}, err
		}
	}
	if err := c.query(&bare, s, list); err != nil {
		return Statement{}, err
	}
	c.Text(") AS counted")
	return c.statement()
}

// Any compiles a query that returns a row if q selects one.
func Any(d dialect.Dialect, q *Query) (Statement, error) {
	c := newCompiler(d)
	bare := *q
	bare.Order, bare.Related, bare.Lock, bare.Distinct, bare.DistinctOn, bare.Limit = nil, nil, nil, false, nil, 1
	if err := c.query(&bare, c.pushQuery(&bare), []byte("1")); err != nil {
		return Statement{}, err
	}
	return c.statement()
}

// subquery writes q inside another query, as the list of its keys, or of the values that the compared foreign key refers to.
func (c *compiler) subquery(q *Query, k *comparison) error {
	if q.Err != nil {
		return q.Err
	}
	if err := c.nest(); err != nil {
		return err
	}
	defer c.unnest()
	column := q.Model.PK
	if k.Field != nil && k.Field.Relation != nil && k.Field.Relation.To == q.Model && k.Field.Relation.ToField != nil {
		column = k.Field.Relation.ToField
	}
	q, err := distinctRows(q)
	if err != nil {
		return err
	}
	names := q.Groups
	inner := *q
	inner.Groups, inner.Related, inner.Lock = nil, nil, nil
	if q.Limit <= 0 && q.Offset <= 0 {
		inner.Order = nil
	}
	if len(names) > 1 {
		return k.Problem("a query inside %s selects one value, not %d", k.Lookup, len(names))
	}
	if len(names) == 0 && column == q.Model.PK && len(q.Model.PrimaryKeys) > 1 {
		return k.Problem("a query inside %s selects one value, and the primary key of %s has %d columns",
			k.Lookup, q.Model, len(q.Model.PrimaryKeys))
	}
	s := c.pushQuery(&inner)
	defer c.popQuery()
	list, err := c.Capture(func() error {
		if len(names) == 1 {
			_, _, err := c.expression(&Expr{Kind: Ref, Path: names[0]}, s)
			return err
		}
		c.Column(s.alias, column.Column)
		return nil
	})
	if err != nil {
		return err
	}
	c.Text("(")
	if k.Lookup == schema.In {
		err = c.listed(&inner, s, list, false)
	} else {
		err = c.query(&inner, s, list)
	}
	c.Text(")")
	return err
}

// listed writes a query as the list of IN. Not every database takes a limit there, nor reads the table that a statement
// changes, so that such a query becomes a table of its own.
func (c *compiler) listed(q *Query, s *scope, list []byte, materialize bool) error {
	if !materialize && q.Limit <= 0 && q.Offset <= 0 {
		return c.query(q, s, list)
	}
	c.Text("SELECT * FROM (")
	if err := c.query(q, s, list); err != nil {
		return err
	}
	c.Text(") AS listed")
	return nil
}

// existsQuery writes that a query inside this one selects a row.
func (c *compiler) existsQuery(q *Query) error {
	if q.Err != nil {
		return q.Err
	}
	if err := c.nest(); err != nil {
		return err
	}
	defer c.unnest()
	inner := *q
	inner.Order, inner.Related, inner.Lock, inner.DistinctOn = nil, nil, nil, nil
	s := c.pushQuery(&inner)
	defer c.popQuery()
	c.Text("EXISTS (")
	if err := c.query(&inner, s, []byte("1")); err != nil {
		return err
	}
	c.Text(")")
	return nil
}
