package compile

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/quintetgo/quintet/orm/schema"
)

// Combination is how the rows of several queries become those of one.
type Combination uint8

// The combinations.
const (
	Union        Combination = iota // the rows of any query, each once
	UnionAll                        // the rows of all queries, one after the other
	Intersection                    // the rows that all queries select, each once
	Difference                      // the rows that only the first query selects, each once
)

var combinationWords = [...]string{"UNION", "UNION ALL", "INTERSECT", "EXCEPT"}

// Source is a table that a query selects from instead of its model's: the combined rows of several queries on that model. It
// has the columns of the model's table, and one for each annotation of the queries.
type Source struct {
	Combine Combination
	Queries []*Query
	ranked  []string // instead of a combination: the one query's rows, numbered within those with equal values of these paths
}

// CheckSource returns an error if the rows of a query cannot be combined with those of another one. method names the
// combination in messages.
func CheckSource(method string, q, other *Query) error {
	for _, part := range []*Query{q, other} {
		switch {
		case part.Err != nil:
			return part.Err
		case part.Groups != nil:
			return fmt.Errorf("orm: %s: %s takes no groups; combine the rows before they are grouped", part.Model, method)
		case part.Lock != nil:
			return fmt.Errorf(
				"orm: %s: %s takes no query with ForUpdate; lock the combined rows by a filter on their keys",
				part.Model,
				method,
			)
		}
	}
	if q.Model != other.Model {
		return fmt.Errorf("orm: %s: %s takes queries on the same model, not on %s", q.Model, method, other.Model)
	}
	same := slices.EqualFunc(q.Annotations, other.Annotations, func(a, b Annotation) bool { return a.Name == b.Name })
	if !same {
		return fmt.Errorf("orm: %s: %s takes queries with the same annotations in the same order, not %s and %s",
			q.Model, method, annotationNames(q), annotationNames(other))
	}
	return nil
}

func annotationNames(q *Query) string {
	names := make([]string, len(q.Annotations))
	for i, a := range q.Annotations {
		names[i] = a.Name
	}
	return fmt.Sprintf("%q", names)
}

// Combined returns the annotations of a query whose source has those of q, as values of its columns.
func Combined(q *Query) []Annotation {
	annotations := make([]Annotation, len(q.Annotations))
	for i, a := range q.Annotations {
		annotations[i] = Annotation{Name: a.Name, Expr: &Expr{Kind: sourceColumn, Value: i}, Hidden: a.Hidden}
	}
	return annotations
}

// distinctRows returns a query without DistinctOn that selects the same rows as q: the first of those with equal values.
func distinctRows(q *Query) (*Query, error) {
	if len(q.DistinctOn) == 0 {
		return q, nil
	}
	if q.Groups != nil {
		return nil, fmt.Errorf("orm: %s: DistinctOn selects rows, and groups are none; group by the same columns instead", q.Model)
	}
	inner, outer := *q, *q
	inner.Related, inner.Columns, inner.Lock, inner.Limit, inner.Offset, inner.DistinctOn = nil, Columns{}, nil, 0, 0, nil
	outer.Source, outer.Where, outer.DistinctOn = &Source{Queries: []*Query{&inner}, ranked: q.DistinctOn}, nil, nil
	outer.Annotations = Combined(q)
	return &outer, nil
}

// sourceValue is a computed column of a source.
type sourceValue struct {
	kind  schema.Kind
	field *schema.Field
}

// valueColumn returns the name of a source's nth computed column, which no column of a model has.
func valueColumn(n int) string { return "value " + strconv.Itoa(n) }

// rankColumn is the name of the column that numbers rows with equal values.
const rankColumn = "value rank"

// sourceTable writes what the scope's query selects from, unless it is the model's table.
func (c *compiler) sourceTable(s *scope) error {
	if err := c.nest(); err != nil {
		return err
	}
	defer c.unnest()
	source := s.query.Source
	c.Text("(")
	for i, q := range source.Queries {
		if i > 0 {
			c.Text(" " + combinationWords[source.Combine] + " ")
		}
		values, err := c.sourceRows(q, source.ranked)
		if err != nil {
			return err
		}
		if i == 0 {
			s.values = values
		}
	}
	c.Text(")")
	return nil
}

// sourceRows writes one query of a source. It returns its computed columns.
func (c *compiler) sourceRows(q *Query, rankedBy []string) ([]sourceValue, error) {
	if q.Err != nil {
		return nil, q.Err
	}
	q, err := distinctRows(q)
	if err != nil {
		return nil, err
	}
	limited := q.Limit > 0 || q.Offset > 0
	bare := *q
	bare.Related = nil
	if !limited {
		bare.Order = nil
	}
	s := c.pushQuery(&bare)
	s.part = true
	defer c.popQuery()
	var values []sourceValue
	list, err := c.Capture(func() (err error) {
		values, err = c.sourceColumns(q, s, rankedBy)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !limited {
		return values, c.query(&bare, s, list)
	}
	c.Text("SELECT * FROM (") // not every database takes parentheses around a query that is combined
	if err := c.query(&bare, s, list); err != nil {
		return nil, err
	}
	c.Text(") AS ")
	c.Text(c.alias())
	return values, nil
}

// sourceColumns writes the selected columns of one query of a source.
func (c *compiler) sourceColumns(q *Query, s *scope, rankedBy []string) (values []sourceValue, err error) {
	for i, f := range q.Model.Fields {
		if i > 0 {
			c.Text(", ")
		}
		c.Column(s.alias, f.Column)
	}
	for i, a := range q.Annotations {
		c.Text(", ")
		value := sourceValue{}
		if value.kind, value.field, err = c.expression(a.Expr, s); err != nil {
			return nil, err
		}
		values = append(values, value)
		c.Text(" AS ")
		c.Name(valueColumn(i))
	}
	if rankedBy != nil {
		return values, c.rank(rankedBy, q.Order, s)
	}
	return values, nil
}

// sourceValue writes the nth computed column of the source that the query of a scope selects from.
func (c *compiler) sourceValue(n int, s *scope) (schema.Kind, *schema.Field, error) {
	for s.query == nil {
		s = s.outer
	}
	if s.values == nil { // what the columns are is known once the source is compiled, which happens later in the statement
		bound, aliases := c.Bound(), c.aliases
		text, err := c.Capture(func() error { return c.sourceTable(s) })
		if err != nil {
			return 0, nil, err
		}
		c.Release(text)
		c.Unbind(bound)
		c.aliases = aliases
	}
	c.Column(s.alias, valueColumn(n))
	return s.values[n].kind, s.values[n].field, nil
}

// rank writes a column that numbers the rows with equal values of some paths, in an order.
func (c *compiler) rank(paths []string, order []Order, s *scope) error {
	c.Text(", ROW_NUMBER() OVER (PARTITION BY ")
	for i, path := range paths {
		if i > 0 {
			c.Text(", ")
		}
		if _, _, err := c.expression(&Expr{Kind: Ref, Path: path}, s); err != nil {
			return err
		}
	}
	if err := c.orderBy(order, s); err != nil {
		return err
	}
	c.Text(") AS ")
	c.Name(rankColumn)
	return nil
}
