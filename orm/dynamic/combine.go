package dynamic

import (
	"fmt"

	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/internal/session"
)

// Union returns a query for the rows that q or any other query selects, each once. The result has the order, prefetches and
// selected relations of q, but no limit; it can be filtered, ordered, limited, annotated, counted and combined like any query.
//
// All queries are on one model and one database, have no groups and no locks, and have the same annotations.
func (q Query) Union(others ...Subquery) Query { return q.combine("Union", compile.Union, others) }

// UnionAll is [Query.Union] with a row that several queries select repeated for each of them.
func (q Query) UnionAll(others ...Subquery) Query {
	return q.combine("UnionAll", compile.UnionAll, others)
}

// Intersection returns a query for the rows that q and all other queries select; see [Query.Union].
func (q Query) Intersection(others ...Subquery) Query {
	return q.combine("Intersection", compile.Intersection, others)
}

// Difference returns a query for the rows that q selects and no other query does; see [Query.Union].
func (q Query) Difference(others ...Subquery) Query {
	return q.combine("Difference", compile.Difference, others)
}

func (q Query) combine(method string, how compile.Combination, others []Subquery) Query {
	first := q.Compiled()
	source := &compile.Source{Combine: how, Queries: []*compile.Query{first.Select}}
	for _, other := range others {
		c := other.Compiled()
		q = q.WithError(compile.CheckSource(method, first.Select, c.Select))
		q = q.WithError(sameDatabase(method, q.session, c.Session))
		source.Queries = append(source.Queries, c.Select)
	}
	if len(others) == 0 || q.err != nil {
		return q
	}
	return q.from(source)
}

// fixed returns a query for the same rows whose limit or DistinctOn further conditions do not affect.
func (q Query) fixed() Query {
	if !q.Limited() && len(q.query.DistinctOn) == 0 {
		return q
	}
	return q.from(&compile.Source{Queries: []*compile.Query{q.Compiled().Select}})
}

// from returns a query that selects from a source of q and queries like it.
func (q Query) from(source *compile.Source) Query {
	q.query = compile.Query{
		Model: q.query.Model, Order: q.query.Order, Related: q.query.Related, Columns: q.query.Columns,
		Source: source, Annotations: compile.Combined(source.Queries[0]), Filtered: q.query.Filtered,
	}
	q.empty = false
	return q
}

func sameDatabase(method string, s, other *session.Session) error {
	if s.SameDatabase(other) {
		return nil
	}
	return fmt.Errorf("orm: %s received a query on another database", method)
}

// DistinctOn keeps one row of those with equal values of some paths: the first in the query's order. Conditions apply before, in
// whatever order the methods are called, and limits after. Use [Query.GroupBy] to compute values of each group.
func (q Query) DistinctOn(names ...string) Query {
	q.query.DistinctOn = extend(q.query.DistinctOn, names...)
	return q
}
