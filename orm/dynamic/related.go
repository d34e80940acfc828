package dynamic

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/internal/load"
	"github.com/quintetgo/quintet/orm/schema"
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

// FetchPeers loads relations when a template reads them: the first object whose relation is missing loads it, with one
// statement, for all objects of the query, and so on for the objects that it leads to. In Go code a missing relation
// stays nil; load it by orm.Load. The statements use the context of the query.
func (q Query) FetchPeers() Query {
	q.peers = true
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
	return q.annotate("Annotate", name, value, false)
}

// Alias is Annotate for a value that lookups, orders and other annotations use, and that Values without names does not select.
func (q Query) Alias(name string, value Annotation) Query {
	return q.annotate("Alias", name, value, true)
}

func (q Query) annotate(method, name string, value Annotation, hidden bool) Query {
	e := value.Compiled()
	q = q.WithError(q.checkName(method, name))
	if q.query.Model != nil {
		q = q.WithError(compile.CheckRoots(q.query.Model, e))
	}
	q.query.Annotations = extend(q.query.Annotations, compile.Annotation{Name: name, Expr: e, Hidden: hidden})
	return q
}

// checkName returns an error if a query cannot give something a name.
func (q Query) checkName(method, name string) error {
	m := q.query.Model
	switch {
	case !isAnnotationName(name):
		return fmt.Errorf("orm: %s(%q): the name is a word of letters, digits and \"_\", without \"__\"", method, name)
	case m != nil && (m.Lookup(name) != nil || m.ReverseBy(name) != nil):
		return fmt.Errorf("orm: %s(%q): %s has a field or relation of that name", method, name, m)
	case slices.ContainsFunc(q.query.Annotations, func(a compile.Annotation) bool { return a.Name == name }),
		slices.ContainsFunc(q.query.Filtered, func(f compile.FilteredRelation) bool { return f.Name == name }):
		return fmt.Errorf("orm: %s(%q): the query has that name already", method, name)
	}
	return nil
}

// FilteredRelation names those rows of a relation for which conditions hold. Lookups, aggregates and orders may begin with the
// name: FilteredRelation("approved", "comments", Is("comments__approved", true)). The paths of the conditions start at the
// query's model, and lead through the relation.
func (q Query) FilteredRelation(name, relation string, conds ...Condition) Query {
	q = q.WithError(q.checkName("FilteredRelation", name))
	if q.query.Model != nil {
		_, err := q.query.Model.ResolveRelation(relation)
		q = q.WithError(err)
	}
	q.query.Filtered = extend(q.query.Filtered, compile.FilteredRelation{
		Name: name, Path: relation, Where: []compile.Node{combine(compile.And, conds)},
	})
	return q
}

// isAnnotationName reports whether a name can be a part of lookups.
func isAnnotationName(name string) bool {
	for i, r := range name {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return name != "" && !strings.Contains(name, "__")
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

// Choices returns a query for the objects that a foreign key or many-to-many field may refer to: those of its target that
// LimitChoicesTo permits in ctx, or all of them.
func Choices(ctx context.Context, db DB, field *schema.Field) Query {
	if field == nil || field.Relation == nil || field.Relation.To == nil {
		return Query{err: fmt.Errorf("orm: %s is not a relation to a registered model", field)}
	}
	limit, err := ChoiceLimit(ctx, field)
	return From(db, field.Relation.To).WithError(err).Filter(limit)
}

// ChoiceLimit returns the condition of LimitChoicesTo of a foreign key or many-to-many field in ctx, on rows of its target. It
// is always true for a field without one.
func ChoiceLimit(ctx context.Context, field *schema.Field) (Condition, error) {
	if field.Relation == nil || field.Relation.LimitChoices == nil {
		return Condition{}, nil
	}
	limit, err := field.Relation.LimitChoices.Resolve(ctx)
	if err != nil {
		return Condition{}, fmt.Errorf("orm: %s: LimitChoicesTo: %w", field, err)
	}
	node, ok := limit.(compile.Node)
	if !ok {
		return Condition{}, fmt.Errorf("orm: %s: LimitChoicesTo received a %T; pass an orm.Condition or a dynamic.ConditionFunc",
			field, field.Relation.LimitChoices)
	}
	return Condition{node}, nil
}

// Load loads relations of objects that have been read already, pointers to structs of one model, with one statement for each
// relation: dynamic.Load(ctx, db, posts, "author", "comments__author"). It does what [Query.Prefetch] does: a related object
// that is loaded already is kept, and a list is read again.
func Load(ctx context.Context, db DB, objects []any, names ...string) error {
	if db == nil || db.Session() == nil {
		return errors.New("orm: Load received no database")
	}
	if len(objects) == 0 {
		return nil
	}
	t := reflect.TypeOf(objects[0])
	for i, object := range objects {
		rv := reflect.ValueOf(object)
		if rv.Kind() != reflect.Pointer || rv.IsNil() || rv.Type() != t {
			return fmt.Errorf("orm: Load takes pointers to structs of one model; object %d is %T after %s", i, object, t)
		}
	}
	m, err := db.Session().ModelOf(objects[0])
	if err != nil {
		return err
	}
	list := make([]load.Prefetch, len(names))
	for i, name := range names {
		list[i] = load.Prefetch{Path: name}
	}
	return load.Load(ctx, db.Session().Of(m), m, objects, list)
}

// Scope returns the query after functions that modify it, in their order.
func (q Query) Scope(fns ...func(Query) Query) Query {
	for _, fn := range fns {
		q = fn(q)
	}
	return q
}

// Unscoped lifts default scopes of the query's own model by their names, or all of them if none is named. The scope that
// hides deleted rows is called "deleted". The limitation to the tenant in the context stays.
func (q Query) Unscoped(names ...string) Query {
	if len(names) == 0 {
		names = []string{schema.AllScopes}
	}
	for _, name := range names {
		if m := q.query.Model; name != schema.AllScopes && m != nil && !m.HasScope(name) {
			known := m.ScopeNames()
			return q.WithError(fmt.Errorf("orm: Unscoped(%q): %s has no default scope of that name%s; it has: %s",
				name, m, check.DidYouMean(name, known), strings.Join(known, ", ")))
		}
		q.query.Lifted = extend(q.query.Lifted, name)
	}
	return q
}

// WithDeleted includes rows that are marked as deleted. It is an error on a model whose deleted rows are removed.
func (q Query) WithDeleted() Query { return q.Unscoped(schema.SoftDeleteScope) }
