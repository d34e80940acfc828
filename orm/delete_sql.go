package orm

import (
	"context"
	"slices"
	"strings"
)

// chunkSize is how many keys one statement compares with.
const chunkSize = 500

// inList writes `"column" IN (?, ?)`, with placeholders that begin after those already used.
func (db *DB) inList(f *Field, count, used int) string {
	d := db.Dialect()
	var b strings.Builder
	b.WriteString(d.Quote(f.Column) + " IN (")
	for i := range count {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(d.Placeholder(used + i + 1))
	}
	b.WriteByte(')')
	return b.String()
}

// countWhere counts the rows whose column holds one of at most chunkSize keys.
func (db *DB) countWhere(ctx context.Context, f *Field, keys []any) (int64, error) {
	rows, err := db.session.Reader(ctx).QueryContext(ctx, "SELECT count(*) FROM "+db.Dialect().Quote(f.Model.Table)+" WHERE "+db.inList(f, len(keys), 0), keys...)
	if err != nil {
		return 0, db.session.Translate(err)
	}
	defer rows.Close()
	var n int64
	if rows.Next() {
		err = rows.Scan(&n)
	}
	if err == nil {
		err = rows.Err()
	}
	return n, db.session.Translate(err)
}

// loadWhere reads the objects whose column holds one of the keys.
func (db *DB) loadWhere(ctx context.Context, f *Field, keys []any) ([]any, error) {
	var objs []any
	for chunk := range slices.Chunk(keys, chunkSize) {
		err := db.selectRows(ctx, f.Model, db.inList(f, len(chunk), 0), chunk, f.Model.Zero, func(obj any) error {
			objs = append(objs, obj)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return objs, nil
}

// deleteWhere deletes the rows whose column holds one of the keys.
func (db *DB) deleteWhere(ctx context.Context, m *Model, column *Field, keys []any) (int64, error) {
	result, err := db.session.Writer(ctx).ExecContext(ctx, "DELETE FROM "+db.Dialect().Quote(m.Table)+" WHERE "+db.inList(column, len(keys), 0), keys...)
	if err != nil {
		return 0, db.session.Translate(err)
	}
	return result.RowsAffected()
}

// deleteByKeys deletes the row of an object with a composite key.
func (db *DB) deleteByKeys(ctx context.Context, m *Model, obj any) (int64, error) {
	args, err := arguments(ctx, obj, m.PrimaryKeys, nil)
	if err != nil {
		return 0, err
	}
	result, err := db.session.Writer(ctx).ExecContext(ctx, "DELETE FROM "+db.Dialect().Quote(m.Table)+" WHERE "+db.keyCondition(m), args...)
	if err != nil {
		return 0, db.session.Translate(err)
	}
	return result.RowsAffected()
}

// keysOf encodes one column of some objects.
func (db *DB) keysOf(f *Field, objs []any) ([]any, error) {
	keys := make([]any, len(objs))
	for i, obj := range objs {
		key, err := f.Encode(f.Value(obj))
		if err != nil {
			return nil, err
		}
		keys[i] = key
	}
	return keys, nil
}

// update empties the foreign keys that point at deleted rows, or sets them to their default.
func (d *Deletion) update(ctx context.Context) error {
	db := d.db
	for _, u := range d.Updates {
		var value any
		if u.Field.Relation.OnDelete == SetDefault && u.Field.Default != nil {
			encoded, err := u.Field.Encode(u.Field.Default())
			if err != nil {
				return err
			}
			value = encoded
		}
		column := db.Dialect().Quote(u.Field.Column)
		for chunk := range slices.Chunk(u.keys, chunkSize) {
			query := "UPDATE " + db.Dialect().Quote(u.Field.Model.Table) + " SET " + column + " = " + db.Dialect().Placeholder(1) +
				" WHERE " + db.inList(u.Field, len(chunk), 1)
			if _, err := db.session.Writer(ctx).ExecContext(ctx, query, append([]any{value}, chunk...)...); err != nil {
				return db.session.Translate(err)
			}
		}
	}
	return nil
}
