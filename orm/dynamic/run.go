package dynamic

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"reflect"
	"slices"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/schema"
)

// All returns every row as a pointer to the model's struct.
func (q Query) All(ctx context.Context) ([]any, error) { return q.Compiled().Objects(ctx) }

// Get returns the only row, as a pointer to the model's struct. If there is none the error is a [*fault.NotFoundError], and if
// there are several [fault.ErrMultiple].
func (q Query) Get(ctx context.Context) (any, error) { return q.Compiled().Get(ctx) }

// First returns the first row, by primary key if there is no order. If there is none the error is a [*fault.NotFoundError].
func (q Query) First(ctx context.Context) (any, error) {
	if len(q.orders()) == 0 {
		q = q.OrderBy("pk")
	}
	if !q.none() {
		q = q.Limit(1)
	}
	return q.Get(ctx)
}

// Last returns the last row, by primary key if there is no order. If there is none the error is a [*fault.NotFoundError]. A
// query with Limit or Offset is an error; use Reverse and First.
func (q Query) Last(ctx context.Context) (any, error) {
	if q.query.Limit > 0 || q.query.Offset > 0 {
		return nil, errors.New("orm: Last of a query with Limit or Offset is not defined; use Reverse and First")
	}
	return q.Reverse().First(ctx)
}

// Iter returns the rows one by one as they are read, as pointers to the model's struct. It holds a connection until the loop
// ends. With prefetches every row is read before the first is returned.
func (q Query) Iter(ctx context.Context) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		done := false
		err := q.Compiled().EachObject(ctx, func(obj any) bool {
			done = !yield(obj, nil)
			return !done
		})
		if err != nil && !done {
			yield(nil, err)
		}
	}
}

// Count returns the number of rows; with a limit, at most that many.
func (q Query) Count(ctx context.Context) (int64, error) { return q.Compiled().Count(ctx) }

// Exists reports whether the query selects a row.
func (q Query) Exists(ctx context.Context) (bool, error) { return q.Compiled().Exists(ctx) }

// Contains reports whether the query selects the row of an object, a pointer to a struct of its model with a primary key.
func (q Query) Contains(ctx context.Context, object any) (bool, error) {
	m := q.query.Model
	if q.err != nil {
		return false, q.err
	}
	rv := reflect.ValueOf(object)
	if rv.Kind() != reflect.Pointer || rv.IsNil() || rv.Type().Elem() != m.Type {
		return false, fmt.Errorf("orm: %s: Contains takes a pointer to a %s, not %T", m, m.Name, object)
	}
	q = q.fixed()
	for _, key := range m.PrimaryKeys {
		q = q.Where(key.Name, key.Value(object))
	}
	return q.Exists(ctx)
}

// PKs returns the primary keys of the rows.
func (q Query) PKs(ctx context.Context) ([]any, error) {
	rows, err := q.Compiled().Values(ctx, []string{"pk"})
	if err != nil {
		return nil, err
	}
	keys := make([]any, len(rows))
	for i, row := range rows {
		keys[i] = row[0]
	}
	return keys, nil
}

// ByKey returns the rows with these primary keys, by key, as pointers to the model's struct. Keys without a row are not in the map.
func (q Query) ByKey(ctx context.Context, keys ...any) (map[any]any, error) {
	if q.err != nil {
		return nil, q.err
	}
	return q.byField(ctx, q.query.Model.PK, "pk", keys)
}

// ByUnique is [Query.ByKey] by a unique field.
func (q Query) ByUnique(ctx context.Context, field string, values ...any) (map[any]any, error) {
	if q.err != nil {
		return nil, q.err
	}
	f, err := q.query.Model.Field(field)
	if err != nil {
		return nil, err
	}
	if !f.Unique && (!f.PrimaryKey || len(q.query.Model.PrimaryKeys) > 1) {
		return nil, fmt.Errorf("orm: %s: ByUnique takes a unique field, and %q is not unique; use Filter", q.query.Model, field)
	}
	return q.byField(ctx, f, f.Name, values)
}

func (q Query) byField(ctx context.Context, f *schema.Field, path string, values []any) (map[any]any, error) {
	all, err := q.fixed().Where(path+"__"+schema.In, values).All(ctx)
	if err != nil {
		return nil, err
	}
	found := make(map[any]any, len(all))
	for _, obj := range all {
		found[schema.Indirect(f.Value(obj))] = obj
	}
	return found, nil
}

// Update sets fields of every row to Go values, or to an [Expression] of the row's own fields. It returns the number of rows.
// Validators, hooks and automatic times do not run, unlike in Save. A value that a field cannot store is a
// [*fault.ValidationError].
func (q Query) Update(ctx context.Context, values map[string]any) (int64, error) {
	return q.Compiled().Update(ctx, setsOf(values))
}

// UpdateReturning is [Query.Update] and returns the objects as they are stored then, pointers to structs, in the query's order before
// the update, with the relations that the query loads. It runs in a transaction, which locks the rows, updates them by their keys,
// and reads them. A row is returned even if it no longer satisfies the query's conditions. It cannot set the primary key.
func (q Query) UpdateReturning(ctx context.Context, values map[string]any) ([]any, error) {
	return q.Compiled().UpdateReturning(ctx, setsOf(values))
}

// CreateFrom inserts a row for every row of another query, by one statement, and returns the number of rows. Values are Go values or
// expressions of the other query's fields: {"title": dynamic.F("title"), "city": dynamic.F("hall__city")}. Like Update it does not
// validate or run hooks. Times that Create sets, the first version and the tenant are set too; other columns that are not assigned
// have the database's default. The query q itself must have no conditions.
func (q Query) CreateFrom(ctx context.Context, from Subquery, values map[string]any) (int64, error) {
	return q.Compiled().CreateFrom(ctx, from.Compiled(), setsOf(values))
}

// setsOf returns assignments in the order of their names.
func setsOf(values map[string]any) []compile.Set {
	sets := make([]compile.Set, 0, len(values))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		sets = append(sets, compile.Set{Name: name, Value: operand(values[name])})
	}
	return sets
}

// SQL returns the statement that All runs, or Values for groups, and the values bound in it. Default scopes receive an
// empty context; on a model with a tenant it returns an error.
func (q Query) SQL() (string, []any, error) {
	if q.err != nil {
		return "", nil, q.err
	}
	if q.query.Groups != nil {
		c, err := compile.Values(q.session.Dialect(), q.Compiled().Scoped(context.Background()), q.valueNames(nil))
		if err != nil {
			return "", nil, err
		}
		return c.SQL, c.Args, nil
	}
	c, err := compile.Select(q.session.Dialect(), q.Compiled().Scoped(context.Background()))
	if err != nil {
		return "", nil, err
	}
	return c.SQL, c.Args, nil
}

// Explain returns how the database runs the statement of the query, as text of the database's own form.
func (q Query) Explain(ctx context.Context) (string, error) {
	return q.ExplainWith(ctx, dialect.ExplainOptions{})
}

// ExplainWith is [Query.Explain] with options. One that the database lacks is an error. With Analyze the statement runs.
func (q Query) ExplainWith(ctx context.Context, options dialect.ExplainOptions) (string, error) {
	text, args, err := q.SQL()
	if err != nil {
		return "", err
	}
	return q.Compiled().Explain(ctx, compile.Statement{SQL: text, Args: args}, options)
}

// EstimatedCount returns about how many rows the query selects, without counting them where the database has statistics: those of
// the table if the query has no conditions. It is Count for other queries, and for a table that was never analyzed.
func (q Query) EstimatedCount(ctx context.Context) (int64, error) {
	if q.err == nil && !q.Limited() && q.query.Plain() {
		n, err := q.session.EstimateRows(ctx, q.query.Model.Table)
		if err != nil || n > 0 {
			return n, err
		}
	}
	return q.Count(ctx)
}
