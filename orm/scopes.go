package orm

import (
	"context"
	"time"

	"github.com/quintetgo/quintet/orm/schema"
)

// Scope is a condition that every query on a model adds; see [DefaultScope].
type Scope = schema.Scope

// DefaultScope returns a condition that every query on a model adds, for [Meta].Scopes:
//
//	func (Post) Meta() orm.Meta {
//		return orm.Meta{Scopes: []orm.Scope{orm.DefaultScope("published", published)}}
//	}
//
//	func published(context.Context) (orm.Condition, error) { return Posts.Published.Eq(true), nil }
//
// where receives the context of the query, and its error is that of the query. A query lifts the scope by
// Unscoped("published").
//
// Default scopes apply to everything that a query reads, counts, changes or deletes, and to related rows of relations to
// many: in conditions, aggregates and prefetches. They do not apply to the target of a foreign key, which is always
// found, to writes of single objects, to statements of [DB.Exec], [DB.Query] and [DB.Gorm], and to the database's
// constraints: a value that is unique is taken by a hidden row too.
func DefaultScope(name string, where func(ctx context.Context) (Condition, error)) Scope {
	return Scope{Name: name, Where: func(ctx context.Context) (any, error) {
		condition, err := where(ctx)
		if err != nil {
			return nil, err
		}
		return condition.Compiled(), nil
	}}
}

// SoftDelete may be embedded in models whose deleted rows are kept: [DB.Delete] sets DeletedAt, and queries leave the row
// out unless they are WithDeleted. [DB.Restore] undoes it, and [DB.HardDelete] removes the row. A field of GORM's type
// gorm.DeletedAt does the same.
type SoftDelete struct{ DeletedAt *time.Time }

// Fields describes the field; the registry calls it.
func (s *SoftDelete) Fields(f *Fields) { Describe(f, &s.DeletedAt).MarksDeleted() }

// IsDeleted reports whether the object is marked as deleted.
func (s SoftDelete) IsDeleted() bool { return s.DeletedAt != nil }

// Scope returns the query after functions that modify it, in their order. Functions that return a modified query are
// named scopes: orm.From(db, Posts).Scope(blog.Published, blog.Since(monday)).
func (q Query[T]) Scope(fns ...func(Query[T]) Query[T]) Query[T] {
	for _, fn := range fns {
		q = fn(q)
	}
	return q
}

// Unscoped lifts default scopes of the query's own model by their names, or all of them if none is named. The scope that
// hides deleted rows is called "deleted". The limitation to the tenant in the context stays.
func (q Query[T]) Unscoped(names ...string) Query[T] {
	return Query[T]{q.untyped.Unscoped(names...)}
}

// WithDeleted includes rows that are marked as deleted. It is an error on a model whose deleted rows are removed.
func (q Query[T]) WithDeleted() Query[T] { return Query[T]{q.untyped.WithDeleted()} }

// HardDelete removes every row, also of a model whose rows Delete marks. Otherwise it does what Delete does. Rows that are
// marked already are removed too if the query is WithDeleted.
func (q Query[T]) HardDelete(ctx context.Context) (int64, error) { return q.untyped.HardDelete(ctx) }
