package dynamic

import (
	"fmt"
	"strings"

	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/internal/load"
)

// Subquery is a query used inside another one: a [Query] or an orm.Query.
type Subquery interface{ Compiled() load.Query }

// SelectRelated loads related objects to one in the same statement: "author", "author__company".
func (q Query) SelectRelated(names ...string) Query {
	q.query.Related = extend(q.query.Related, names...)
	return q
}

// Prefetch loads related objects with one additional statement for each relation: "tags", "comments__author".
func (q Query) Prefetch(names ...string) Query {
	for _, name := range names {
		q.prefetch = extend(q.prefetch, load.Prefetch{Path: name})
	}
	return q
}

// PrefetchQuery is Prefetch for one relation whose objects come from a query, which may filter, order, and prefetch further
// relations. It must be on the related model and have no Limit or Offset.
func (q Query) PrefetchQuery(name string, related Subquery) Query {
	compiled := related.Compiled()
	q.prefetch = extend(q.prefetch, load.Prefetch{Path: name, Query: &compiled})
	return q
}

// Annotate adds a computed value to each row under a name that lookups, OrderBy and Values can use. The name must not be one
// of the model's fields or relations.
func (q Query) Annotate(name string, value Annotation) Query {
	e := value.Compiled()
	switch {
	case name == "" || strings.Contains(name, "__"):
		q = q.WithError(fmt.Errorf("orm: Annotate(%q): the name of an annotation cannot be empty or contain \"__\"", name))
	case q.query.Model != nil && (q.query.Model.Lookup(name) != nil || q.query.Model.ReverseBy(name) != nil):
		q = q.WithError(fmt.Errorf("orm: Annotate(%q): %s has a field or relation of that name", name, q.query.Model))
	case q.query.Model != nil:
		q = q.WithError(compile.CheckRoots(q.query.Model, e))
	}
	q.query.Annotations = extend(q.query.Annotations, compile.Annotation{Name: name, Expr: e})
	return q
}

// GroupBy groups rows by the values of paths. Annotations become aggregates of the groups, and conditions on annotations
// select groups. Read groups with Values or [Select]. Without names all rows are one group.
func (q Query) GroupBy(names ...string) Query {
	q.query.Groups = append(make([]string, 0, len(names)), names...)
	if !q.ordered {
		q.query.Order = nil
	}
	return q
}
