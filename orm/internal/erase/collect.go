package erase

import (
	"context"
	"fmt"
	"slices"

	"github.com/quintetgo/quintet/orm/fault"
	"github.com/quintetgo/quintet/orm/internal/rowsql"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/internal/store"
	"github.com/quintetgo/quintet/orm/schema"
)

// collector follows the foreign keys that refer to deleted rows.
type collector struct {
	*Plan
	restricted []fault.ProtectedGroup // forbid the deletion unless they are deleted too
	marks      bool                   // rows are marked as deleted, not removed
}

// Collect returns what deleting objects, pointers to structs of any models, entails: rows of models with a field for
// that are marked as deleted, others are removed. Nothing changes before Execute.
func Collect(ctx context.Context, s *session.Session, objs ...any) (*Plan, error) {
	return collect(ctx, s, false, objs)
}

// CollectHard is Collect with every row removed.
func CollectHard(ctx context.Context, s *session.Session, objs ...any) (*Plan, error) {
	return collect(ctx, s, true, objs)
}

func collect(ctx context.Context, s *session.Session, hard bool, objs []any) (*Plan, error) {
	p := &Plan{session: s, index: map[*schema.Model]int{}, seen: map[*schema.Model]map[any]bool{}, requested: objs}
	byModel := map[*schema.Model][]any{}
	var order []*schema.Model
	for _, obj := range objs {
		m, err := store.Instance(s, obj)
		if err != nil {
			return nil, err
		}
		if err := store.RequireKey(m, obj); err != nil {
			return nil, err
		}
		if byModel[m] == nil {
			order = append(order, m)
		}
		byModel[m] = append(byModel[m], obj)
	}
	for _, m := range order {
		if !s.Of(m).SameDatabase(s) {
			return nil, fmt.Errorf("orm: %s and %s are in different databases; delete their objects one by one", order[0], m)
		}
	}
	c := collector{Plan: p}
	for _, m := range order {
		if err := p.checkTenant(ctx, m, byModel[m]); err != nil {
			return nil, err
		}
		c.marks = m.SoftDelete != nil && !hard
		if err := c.collect(ctx, m, byModel[m]); err != nil {
			return nil, err
		}
	}
	for _, g := range c.restricted {
		remaining := slices.DeleteFunc(g.Objects, func(obj any) bool { return p.seen[g.Field.Model][keyOf(g.Field.Model, obj)] })
		if len(remaining) > 0 {
			p.Protected = append(p.Protected, fault.ProtectedGroup{Field: g.Field, Objects: remaining})
		}
	}
	return p, nil
}

// collect adds objects and follows every foreign key that refers to them.
func (c *collector) collect(ctx context.Context, m *schema.Model, objs []any) error {
	objs = c.add(m, objs, c.marks)
	if len(objs) == 0 {
		return nil
	}
	for _, r := range m.Reverse {
		if r.Kind == schema.KindManyToMany || r.OnDelete == schema.DoNothing || r.OnDelete.Action() != "" {
			continue // the database does what is to be done
		}
		if r.Remote {
			return fmt.Errorf("orm: %s leads to %s in another database, whose rows a deletion does not change; declare it with "+
				"OnDelete(orm.DoNothing)", r.Field, m)
		}
		if c.marks && !followsMarked(r) {
			continue
		}
		for chunk := range slices.Chunk(objs, rowsql.ChunkSize) {
			keys, err := storedKeys(r.ToField, chunk)
			if err != nil {
				return err
			}
			if keys = slices.DeleteFunc(keys, func(key any) bool { return key == nil }); len(keys) == 0 {
				continue
			}
			if err := c.follow(ctx, r.Field, keys); err != nil {
				return err
			}
		}
	}
	return nil
}

// follow applies the OnDelete of a foreign key to the rows that have one of some keys.
func (c *collector) follow(ctx context.Context, f *schema.Field, keys []any) error {
	onDelete := f.Relation.OnDelete
	switch {
	case onDelete == schema.SetNull, onDelete == schema.SetDefault, onDelete == schema.SetComputed:
		n, err := c.countIn(ctx, f, keys)
		if err == nil && n > 0 {
			c.addUpdate(f, n, keys)
		}
		return err
	case onDelete == schema.Cascade && countsOnly(f.Model):
		n, err := c.countIn(ctx, f, keys)
		if err == nil && n > 0 {
			c.unloaded = append(c.unloaded, rowsBy{f, keys})
			c.group(f.Model).Count += n
		}
		return err
	}
	objs, err := c.loadIn(ctx, f, keys)
	if c.marks {
		objs = slices.DeleteFunc(objs, isMarked(f.Model))
	}
	if err != nil || len(objs) == 0 {
		return err
	}
	switch onDelete {
	case schema.Cascade:
		return c.collect(ctx, f.Model, objs)
	case schema.Restrict:
		c.restricted = append(c.restricted, fault.ProtectedGroup{Field: f, Objects: objs})
	default:
		c.Protected = append(c.Protected, fault.ProtectedGroup{Field: f, Objects: objs})
	}
	return nil
}

// countsOnly reports whether rows of a model are deleted without loading them: implicit through models that nothing
// refers to. Users see the objects of all other models before they confirm a deletion.
func countsOnly(m *schema.Model) bool {
	return m.Auto && !slices.ContainsFunc(m.Reverse, func(r *schema.Relation) bool { return r.Kind != schema.KindManyToMany })
}

// add adds objects to the group of their model and returns those that were not in it.
func (p *Plan) add(m *schema.Model, objs []any, marks bool) []any {
	if p.seen[m] == nil {
		p.seen[m] = map[any]bool{}
	}
	var added []any
	for _, obj := range objs {
		if key := keyOf(m, obj); !p.seen[m][key] {
			p.seen[m][key] = true
			added = append(added, obj)
		}
	}
	if len(added) > 0 {
		g := p.group(m)
		g.Marked = marks && (g.Marked || len(g.Objects) == 0)
		g.Objects = append(g.Objects, added...)
		g.Count += int64(len(added))
	}
	return added
}

func (p *Plan) addUpdate(f *schema.Field, n int64, keys []any) {
	i := slices.IndexFunc(p.Updates, func(u Update) bool { return u.Field == f })
	if i < 0 {
		i = len(p.Updates)
		p.Updates = append(p.Updates, Update{Field: f})
	}
	p.Updates[i].Count += n
	p.Updates[i].keys = append(p.Updates[i].keys, keys...)
}

// group returns the group of a model, which it adds if there is none.
func (p *Plan) group(m *schema.Model) *Group {
	i, ok := p.index[m]
	if !ok {
		i = len(p.Groups)
		p.index[m] = i
		p.Groups = append(p.Groups, Group{Model: m})
	}
	return &p.Groups[i]
}

// keyOf returns an object's primary key in a comparable form.
func keyOf(m *schema.Model, obj any) any {
	if len(m.PrimaryKeys) == 1 {
		if v, err := m.PK.Encode(m.PK.Value(obj)); err == nil {
			if _, isBytes := v.([]byte); !isBytes {
				return v
			}
		}
	}
	text := ""
	for _, f := range m.PrimaryKeys {
		text += fmt.Sprintf("%q,", fmt.Sprint(schema.Indirect(f.Value(obj))))
	}
	return text
}

// storedKeys returns the values of one column of some objects, as stored.
func storedKeys(f *schema.Field, objs []any) ([]any, error) {
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
