package orm

import (
	"context"
	"reflect"

	"github.com/quintetgo/quintet/orm/columns"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/internal/load"
)

// constant is SQL that only constants of a program can be, as its type has no name elsewhere: text that was put together at run
// time, which may contain input, does not compile.
type constant string

// RawQuery is a statement written by hand, whose rows are objects of T; see [Raw]. It is a value, like [Query].
type RawQuery[T any] struct{ untyped dynamic.RawQuery }

// Raw returns the objects of the rows that a statement selects. The SQL is a constant with a "?" for each argument, on every
// database, and "??" for a question mark:
//
//	posts, err := orm.Raw[Post](db, "SELECT * FROM blog_post WHERE views > ? ORDER BY views", 100).All(ctx)
//
// The columns are matched with the model's by name, in any order; the primary key must be one of them. Fields without a column are
// unread, as with [Query.Only], and a column that the model does not have is an error: read it with [RawSelect].
func Raw[T any](db *DB, sql constant, args ...any) RawQuery[T] {
	return RawQuery[T]{dynamic.NewRaw(db, reflect.TypeFor[T](), load.Raw{SQL: string(sql), Args: args})}
}

// RawSelect reads the rows of a statement into structs; see [Raw] for the SQL. An exported field of Row receives the column in its tag
// orm:"name", or the one called like the field in snake case; each field needs a column, and each column a field. An embedded
// struct of a model, or a pointer to one, receives the object that the other columns are of.
func RawSelect[Row any](ctx context.Context, db *DB, sql constant, args ...any) ([]Row, error) {
	return dynamic.SelectRaw[Row](ctx, db, load.Raw{SQL: string(sql), Args: args})
}

// Prefetch loads related objects with one additional statement for each relation; see [Query.Prefetch].
func (r RawQuery[T]) Prefetch(relations ...Relation) RawQuery[T] {
	for _, relation := range relations {
		root, path := columns.PathOf(relation)
		if m := r.untyped.Model(); m != nil {
			r.untyped = r.untyped.WithError(compile.CheckRoot(m, root, path))
		}
		r.untyped = r.untyped.Prefetch(path)
	}
	return r
}

// All returns every row.
func (r RawQuery[T]) All(ctx context.Context) ([]*T, error) {
	all, err := r.untyped.All(ctx)
	if err != nil {
		return nil, err
	}
	return objects[T](all), nil
}

// First returns the first row. If there is none the error is [ErrNotFound]. The statement reads every row that it selects, so it
// should have a limit.
func (r RawQuery[T]) First(ctx context.Context) (*T, error) { return typed[T](r.untyped.First(ctx)) }
