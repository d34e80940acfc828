package erase

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/quintetgo/quintet/orm/fault"
	"github.com/quintetgo/quintet/orm/internal/rowsql"
	"github.com/quintetgo/quintet/orm/internal/scan"
	"github.com/quintetgo/quintet/orm/schema"
)

// countIn counts the rows whose column has one of at most [rowsql.ChunkSize] keys.
func (p *Plan) countIn(ctx context.Context, f *schema.Field, keys []any) (int64, error) {
	s := p.session
	rows, err := s.Reader(ctx).QueryContext(ctx, rowsql.CountIn(s.Dialect(), f, len(keys)), keys...)
	if err != nil {
		return 0, s.Translate(err)
	}
	var n int64
	err = scan.First(rows, &n)
	return n, s.Translate(err)
}

// loadIn reads the objects whose column has one of at most [rowsql.ChunkSize] keys.
func (p *Plan) loadIn(ctx context.Context, f *schema.Field, keys []any) ([]any, error) {
	s := p.session
	rows, err := s.Reader(ctx).QueryContext(ctx, rowsql.SelectIn(s.Dialect(), f, len(keys)), keys...)
	if err != nil {
		return nil, s.Translate(err)
	}
	defer rows.Close()
	var objs []any
	err = scan.Objects(ctx, rows, f.Model.Fields, f.Model.Zero, func(obj any) error {
		objs = append(objs, obj)
		return nil
	})
	return objs, s.Translate(err)
}

// update sets the foreign keys that refer to deleted rows to NULL, to their default, or to a computed key.
func (p *Plan) update(ctx context.Context) error {
	for _, u := range p.Updates {
		value, err := p.replacement(ctx, u.Field)
		if err != nil {
			return err
		}
		for chunk := range slices.Chunk(u.keys, rowsql.ChunkSize) {
			query := rowsql.UpdateIn(p.session.Dialect(), u.Field, u.Field, len(chunk))
			if _, err := p.session.Exec(ctx, query, append([]any{value}, chunk...)...); err != nil {
				return err
			}
		}
	}
	return nil
}

// replacement returns what a foreign key holds instead of the key of a deleted row, as stored.
func (p *Plan) replacement(ctx context.Context, f *schema.Field) (any, error) {
	r := f.Relation
	switch {
	case r.OnDelete == schema.SetComputed:
		key, err := r.SetKey(ctx, p.session)
		if err == nil {
			key, err = f.Convert(r.KeyOf(key))
		}
		if err != nil {
			return nil, fmt.Errorf("orm: SetWith of %s: %w", f, err)
		}
		return f.Encode(key)
	case r.OnDelete == schema.SetDefault && f.Default != nil:
		return f.Encode(f.Default())
	}
	return nil, nil
}

// deleteGroup deletes the loaded objects of a group, or marks them with a time, and returns how many rows there were.
func (p *Plan) deleteGroup(ctx context.Context, g Group, now time.Time) (int64, error) {
	var deleted int64
	for chunk := range slices.Chunk(g.Objects, rowsql.ChunkSize) {
		n, err := int64(0), error(nil)
		if g.Marked {
			n, err = p.markObjects(ctx, g.Model, chunk, now)
		} else {
			n, err = p.deleteObjects(ctx, g.Model, chunk)
		}
		if err != nil {
			return 0, err
		}
		deleted += n
	}
	if len(p.requested) == 1 && deleted == 0 && len(g.Objects) > 0 && g.Objects[0] == p.requested[0] {
		return 0, &fault.NotFoundError{Model: g.Model, PK: schema.Indirect(g.Model.PK.Value(p.requested[0]))}
	}
	return deleted, nil
}

func (p *Plan) deleteObjects(ctx context.Context, m *schema.Model, objs []any) (int64, error) {
	if len(m.PrimaryKeys) == 1 {
		keys, err := storedKeys(m.PK, objs)
		if err != nil {
			return 0, err
		}
		return p.deleteIn(ctx, m.PK, keys)
	}
	query := rowsql.DeleteRow(p.session.Dialect(), m)
	var deleted int64
	for _, obj := range objs {
		key := make([]any, len(m.RowKeys()))
		for i, f := range m.RowKeys() {
			var err error
			if key[i], err = f.DBValue(ctx, obj); err != nil {
				return 0, err
			}
		}
		n, err := p.exec(ctx, query, key)
		if err != nil {
			return 0, err
		}
		deleted += n
	}
	return deleted, nil
}

// deleteIn deletes the rows whose column has one of at most [rowsql.ChunkSize] keys.
func (p *Plan) deleteIn(ctx context.Context, f *schema.Field, keys []any) (int64, error) {
	return p.exec(ctx, rowsql.DeleteIn(p.session.Dialect(), f, len(keys)), keys)
}

// exec runs a statement and returns how many rows it affected.
func (p *Plan) exec(ctx context.Context, query string, args []any) (int64, error) {
	result, err := p.session.Exec(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}
