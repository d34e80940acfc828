package erase

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/quintetgo/quintet/orm/fault"
	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/internal/load"
	"github.com/quintetgo/quintet/orm/internal/rowsql"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/internal/store"
	"github.com/quintetgo/quintet/orm/schema"
)

// followsMarked reports whether marking a row as deleted concerns the rows that refer to it by a relation: those that are
// marked too, and those that forbid the deletion. Others keep their key, as the row that it refers to stays.
func followsMarked(r *schema.Relation) bool {
	switch r.OnDelete {
	case schema.Cascade:
		return r.From.SoftDelete != nil
	case schema.SetNull, schema.SetDefault, schema.SetComputed:
		return false
	}
	return true
}

// isMarked returns a function that reports whether an object of a model is marked as deleted.
func isMarked(m *schema.Model) func(obj any) bool {
	return func(obj any) bool { return m.SoftDelete != nil && !m.SoftDelete.IsZero(obj) }
}

// markObjects marks objects as deleted, and returns how many rows there were.
func (p *Plan) markObjects(ctx context.Context, m *schema.Model, objs []any, now time.Time) (int64, error) {
	d := p.session.Dialect()
	stored, err := m.SoftDelete.Encode(now)
	if err != nil {
		return 0, err
	}
	var marked int64
	if len(m.PrimaryKeys) == 1 {
		keys, err := storedKeys(m.PK, objs)
		if err != nil {
			return 0, err
		}
		query := rowsql.UpdateIn(d, m.SoftDelete, m.PK, len(keys))
		if marked, err = p.exec(ctx, query, append([]any{stored}, keys...)); err != nil {
			return 0, err
		}
	} else {
		query := rowsql.UpdateRow(d, m, []*schema.Field{m.SoftDelete})
		for _, obj := range objs {
			args := []any{stored}
			for _, f := range m.RowKeys() {
				key, err := f.DBValue(ctx, obj)
				if err != nil {
					return 0, err
				}
				args = append(args, key)
			}
			n, err := p.exec(ctx, query, args)
			if err != nil {
				return 0, err
			}
			marked += n
		}
	}
	for _, obj := range objs {
		if err := m.SoftDelete.SetNow(obj, now); err != nil {
			return 0, err
		}
	}
	return marked, nil
}

// checkTenant returns an error unless every object has a row of the tenant in the context. The objects may have been
// made by the caller, with any key.
func (p *Plan) checkTenant(ctx context.Context, m *schema.Model, objs []any) error {
	if m.Tenant == nil {
		return nil
	}
	if _, all, err := session.Tenant(ctx, m); err != nil || all {
		return err
	}
	keys, err := storedKeys(m.PK, objs)
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(keys, rowsql.ChunkSize) {
		q := withLookup(p.session, m, "pk__"+schema.In, chunk)
		rows, err := q.Values(ctx, []string{"pk"})
		if err != nil {
			return err
		}
		for i, key := range chunk {
			found := slices.ContainsFunc(rows, func(row []any) bool {
				stored, err := m.PK.Encode(row[0])
				return err == nil && stored == key
			})
			if !found {
				return &fault.NotFoundError{Model: m, PK: schema.Indirect(m.PK.Value(objs[i]))}
			}
		}
	}
	return nil
}

// withLookup returns a query on a model that leaves out none of its rows but those of other tenants.
func withLookup(s *session.Session, m *schema.Model, lookup string, value any) load.Query {
	return load.Query{Session: s, Select: &compile.Query{
		Model: m, Lifted: []string{schema.AllScopes}, Where: []compile.Node{{Op: compile.Lookup, Path: lookup, Value: value}},
	}}
}

// Restore takes the mark from the row of obj, and from the rows that were marked together with it. It returns the number
// of rows.
func Restore(ctx context.Context, s *session.Session, obj any) (n int64, err error) {
	m, err := store.Instance(s, obj)
	if err != nil {
		return 0, err
	}
	if m.SoftDelete == nil {
		return 0, fmt.Errorf("orm: %s has no field that marks deleted rows, so that none can be restored; embed orm.SoftDelete", m)
	}
	err = s.Atomic(ctx, func(ctx context.Context) error {
		if err := store.Refresh(ctx, s, obj); err != nil {
			return err
		}
		if m.SoftDelete.IsZero(obj) {
			return nil
		}
		at := schema.Indirect(m.SoftDelete.Value(obj))
		n, err = restore(ctx, s, m, []any{obj}, at)
		return err
	})
	return n, err
}

// restore takes the mark from objects, and from those that refer to them and have the same mark.
func restore(ctx context.Context, s *session.Session, m *schema.Model, objs []any, at any) (n int64, err error) {
	q := withLookup(s, m, "pk__"+schema.In, objs)
	if n, err = q.Update(ctx, []compile.Set{{Name: m.SoftDelete.Name, Value: nil}}); err != nil {
		return 0, err
	}
	for _, obj := range objs {
		if err := m.SoftDelete.Set(obj, nil); err != nil {
			return 0, err
		}
	}
	for _, r := range m.Reverse {
		if r.Kind == schema.KindManyToMany || r.OnDelete != schema.Cascade || r.From.SoftDelete == nil {
			continue
		}
		q := withLookup(s, r.From, r.Field.Name+"__"+schema.In, objs)
		q.Select.Where = append(q.Select.Where, compile.Node{Op: compile.Lookup, Path: r.From.SoftDelete.Name, Value: at})
		children, err := q.Objects(ctx)
		if err != nil {
			return 0, err
		}
		if len(children) == 0 {
			continue
		}
		more, err := restore(ctx, s, r.From, children, at)
		if err != nil {
			return 0, err
		}
		n += more
	}
	return n, nil
}
