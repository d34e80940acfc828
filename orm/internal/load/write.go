package load

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/quintetgo/quintet/orm/fault"
	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/internal/rowsql"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/schema"
)

// UpdateReturning changes columns of every row and returns the rows as they are then, in a transaction. It locks the rows, updates
// them by their keys and reads them, which no database can do otherwise with relations and in the order of the query.
func (q Query) UpdateReturning(ctx context.Context, sets []compile.Set) (objects []any, err error) {
	if q.Select.Err != nil {
		return nil, q.Select.Err
	}
	m := q.Select.Model
	for _, set := range sets {
		if f := m.Lookup(set.Name); f != nil && f.PrimaryKey {
			return nil, fmt.Errorf("orm: %s: UpdateReturning cannot set the primary key, by which it finds the rows; use Update", m)
		}
	}
	err = q.Session.Atomic(ctx, func(ctx context.Context) error {
		found, err := q.lockKeys(ctx)
		if err != nil {
			return err
		}
		for chunk := range slices.Chunk(found, rowsql.ChunkSize/max(1, len(m.PrimaryKeys))) {
			byKey := &compile.Query{
				Model: m, Where: []compile.Node{keyNode(m, chunk)}, Lifted: q.Select.Lifted, Database: q.Select.Database,
			}
			if _, err := (Query{Session: q.Session, Select: byKey}).Update(ctx, sets); err != nil {
				return err
			}
		}
		objects, err = q.again(ctx, found)
		return err
	})
	if err != nil {
		return nil, err
	}
	return objects, nil
}

// lockKeys returns objects of all rows with their keys, and locks the rows until the transaction ends.
func (q Query) lockKeys(ctx context.Context) ([]any, error) {
	keys := *q.Select
	keys.Related, keys.Columns = nil, compile.Columns{}
	for _, f := range keys.Model.PrimaryKeys {
		keys.Columns.Only = append(keys.Columns.Only, f.Name)
	}
	if keys.Source == nil {
		keys.Distinct = false // rows of a table are distinct by their keys
	}
	if !keys.Distinct && keys.Groups == nil && keys.Source == nil && len(keys.DistinctOn) == 0 {
		keys.Lock = &compile.Lock{}
		return Query{Session: q.Session, Select: &keys}.Objects(ctx)
	}
	found, err := Query{Session: q.Session, Select: &keys}.Objects(ctx) // rows that cannot be locked while they are combined
	if err != nil || len(found) == 0 {
		return nil, err
	}
	q.Select = &compile.Query{Model: keys.Model, Where: []compile.Node{keyNode(keys.Model, found)}, Order: keys.Order, Lifted: keys.Lifted}
	return q.lockKeys(ctx)
}

// again reads the objects of rows by their keys, in the order of the query.
func (q Query) again(ctx context.Context, found []any) ([]any, error) {
	if len(found) == 0 {
		return nil, nil
	}
	m := q.Select.Model
	var rows []any
	for chunk := range slices.Chunk(found, rowsql.ChunkSize/max(1, len(m.PrimaryKeys))) {
		read := Query{Session: q.Session, Prefetch: q.Prefetch, Peers: q.Peers, Select: &compile.Query{
			Model: m, Where: []compile.Node{keyNode(m, chunk)}, Lifted: []string{schema.AllScopes}, Database: q.Select.Database,
			Related: q.Select.Related, Columns: q.Select.Columns,
		}}
		part, err := read.Objects(ctx)
		if err != nil {
			return nil, err
		}
		rows = append(rows, part...)
	}
	at := make(map[string]int, len(found))
	for i, obj := range found {
		at[keyText(m, obj)] = i
	}
	slices.SortStableFunc(rows, func(a, b any) int { return at[keyText(m, a)] - at[keyText(m, b)] })
	return rows, nil
}

// keyText returns the key of an object as a text that no other row has.
func keyText(m *schema.Model, obj any) string {
	text := ""
	for _, f := range m.PrimaryKeys {
		text += fmt.Sprintf("%q,", fmt.Sprint(schema.Indirect(f.Value(obj))))
	}
	return text
}

// keyNode returns the condition that a row is that of one of some objects.
func keyNode(m *schema.Model, objects []any) compile.Node {
	if len(m.PrimaryKeys) == 1 {
		keys := make([]any, len(objects))
		for i, obj := range objects {
			keys[i] = m.PK.Value(obj)
		}
		return compile.Node{Op: compile.Lookup, Path: m.PK.Attr + "__" + schema.In, Value: keys}
	}
	either := compile.Node{Op: compile.Or}
	for _, obj := range objects {
		one := compile.Node{Op: compile.And}
		for _, f := range m.PrimaryKeys {
			one.Nodes = append(one.Nodes, compile.Node{Op: compile.Lookup, Path: f.Attr, Value: f.Value(obj)})
		}
		either.Nodes = append(either.Nodes, one)
	}
	return either
}

// CreateFrom inserts a row of q's model for every row of another query, with values that sets compute from it, and returns the
// number of rows. Conditions of q have no meaning and are an error.
func (q Query) CreateFrom(ctx context.Context, from Query, sets []compile.Set) (int64, error) {
	to := q.Select.Model
	switch {
	case q.Select.Err != nil:
		return 0, q.Select.Err
	case from.Select == nil || from.Session == nil:
		return 0, fmt.Errorf("orm: %s: CreateFrom received no query", to)
	case from.Select.Err != nil:
		return 0, from.Select.Err
	case from.Session.Registry() != q.Session.Registry():
		return 0, fmt.Errorf("orm: %s: the query of CreateFrom is on another database", to)
	case !q.Select.Plain():
		return 0, fmt.Errorf("orm: %s: CreateFrom inserts rows, so its query cannot have conditions or limits; filter the other query", to)
	case len(sets) == 0:
		return 0, fmt.Errorf("orm: %s: CreateFrom needs at least one assignment", to)
	case from.Select.None:
		return 0, nil
	}
	sets, err := q.completed(ctx, sets)
	if err != nil {
		return 0, err
	}
	s, err := compile.InsertFrom(q.Session.Dialect(), to, from.scoped(ctx), sets)
	if err != nil {
		return 0, fault.InvalidValue(to, err)
	}
	var n int64
	err = q.Session.Guard(ctx, func(ctx context.Context) error {
		result, err := q.Session.Exec(ctx, s.SQL, s.Args...)
		if err != nil {
			return err
		}
		n, err = result.RowsAffected()
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("orm: create rows of %s: %w", to, err)
	}
	return n, nil
}

// completed adds to assignments those that Create makes: of times that are set automatically, the first version, and the tenant.
func (q Query) completed(ctx context.Context, sets []compile.Set) ([]compile.Set, error) {
	m := q.Select.Model
	isSet := func(f *schema.Field) bool {
		return slices.ContainsFunc(sets, func(set compile.Set) bool { return m.Lookup(set.Name) == f })
	}
	all := slices.Clone(sets)
	now := time.Now()
	for _, f := range m.Fields {
		if (f.AutoNow || f.AutoNowAdd) && !isSet(f) && f.Type != nil {
			obj := m.Zero()
			if err := f.SetNow(obj, now); err != nil {
				return nil, err
			}
			all = append(all, compile.Set{Name: f.Name, Value: f.Value(obj)})
		}
	}
	if f := m.Version; f != nil && !isSet(f) {
		all = append(all, compile.Set{Name: f.Name, Value: 1})
	}
	if f := m.Tenant; f != nil {
		key, everything, err := session.Tenant(ctx, m)
		switch {
		case err != nil:
			return nil, err
		case everything:
		case isSet(f):
			return nil, errors.New("orm: " + f.String() + " holds the tenant of the rows, so CreateFrom sets it in a context of one tenant")
		default:
			if f.Relation != nil {
				key = f.Relation.KeyOf(key)
			}
			all = append(all, compile.Set{Name: f.Name, Value: key})
		}
	}
	return all, nil
}
