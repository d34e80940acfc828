// Package erase deletes rows of models, and what the OnDelete of the foreign keys that refer to them prescribes.
// Package orm's CollectDelete documents the behavior.
package erase

import (
	"context"
	"slices"
	"time"

	"github.com/quintetgo/quintet/orm/fault"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/schema"
)

// Plan is everything that deleting some objects entails, collected but not yet done. Its exported fields are read-only.
type Plan struct {
	Groups    []Group                // what is deleted, the requested objects first
	Updates   []Update               // foreign keys that are set to NULL or to their default
	Protected []fault.ProtectedGroup // rows that forbid the deletion

	session   *session.Session
	index     map[*schema.Model]int // of Groups
	seen      map[*schema.Model]map[any]bool
	unloaded  []rowsBy
	requested []any
}

// Group is the rows of one model that are deleted.
type Group struct {
	Model   *schema.Model
	Objects []any // pointers to structs; rows of implicit through models are only counted
	Count   int64 // of all rows
	Marked  bool  // the rows are marked as deleted, and stay
}

// Update is a foreign key that is set to NULL or to its default in some rows.
type Update struct {
	Field *schema.Field
	Count int64 // of the rows

	keys []any // as stored, of the deleted rows that it refers to
}

// rowsBy is the rows whose foreign key has one of some keys.
type rowsBy struct {
	field *schema.Field
	keys  []any
}

// Result counts the rows that were deleted.
type Result struct {
	Total   int64
	ByModel map[string]int64 // by names such as "blog.Post"
}

// Allowed reports whether nothing forbids the deletion.
func (p *Plan) Allowed() bool { return len(p.Protected) == 0 }

// Execute deletes what was collected, in one transaction. The error is a [*fault.ProtectedError] if something forbids
// it.
func (p *Plan) Execute(ctx context.Context) (Result, error) {
	if !p.Allowed() {
		return Result{}, &fault.ProtectedError{Protected: p.Protected}
	}
	result := Result{ByModel: map[string]int64{}}
	now := time.Now().UTC().Truncate(time.Microsecond) // as precise as every database stores it
	err := p.session.Atomic(ctx, func(ctx context.Context) error {
		if err := p.runHooks(ctx, beforeDelete, session.BeforeDelete); err != nil {
			return err
		}
		if err := p.update(ctx); err != nil {
			return err
		}
		for _, rows := range p.unloaded {
			n, err := p.deleteIn(ctx, rows.field, rows.keys)
			if err != nil {
				return err
			}
			result.add(rows.field.Model, n)
		}
		for _, g := range p.ordered() {
			n, err := p.deleteGroup(ctx, g, now)
			if err != nil {
				return err
			}
			result.add(g.Model, n)
		}
		return p.runHooks(ctx, afterDelete, session.AfterDelete)
	})
	if err != nil {
		return Result{}, err
	}
	return result, nil
}

func (r *Result) add(m *schema.Model, n int64) {
	if n > 0 {
		r.Total += n
		r.ByModel[m.String()] += n
	}
}

// ordered returns the groups with models that refer to others before them, for databases that check foreign keys at
// once.
func (p *Plan) ordered() []Group {
	remaining := slices.Clone(p.Groups)
	var order []Group
	for len(remaining) > 0 {
		i := slices.IndexFunc(remaining, func(g Group) bool {
			return !slices.ContainsFunc(remaining, func(other Group) bool {
				return other.Model != g.Model && refersTo(other.Model, g.Model)
			})
		})
		i = max(i, 0) // models that refer to each other keep their order
		order = append(order, remaining[i])
		remaining = slices.Delete(remaining, i, i+1)
	}
	return order
}

func refersTo(m, target *schema.Model) bool {
	return slices.ContainsFunc(m.Fields, func(f *schema.Field) bool { return f.Relation != nil && f.Relation.To == target })
}
