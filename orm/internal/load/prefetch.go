package load

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/internal/partial"
	"github.com/quintetgo/quintet/orm/internal/rowsql"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/schema"
)

// Prefetch is a path of relations to load. Query selects the objects of the last relation; nil selects all.
type Prefetch struct {
	Path  string
	Query *Query
}

// Fill loads the query's prefetched relations into the struct fields of objects.
func (q Query) Fill(ctx context.Context, objects []any) error {
	if q.Peers {
		remember(ctx, q.Session, q.Select.Model, objects)
	}
	if len(q.Prefetch) == 0 {
		return nil
	}
	return fill(ctx, q.Session, q.Select.Model, objects, q.Prefetch)
}

// Fills reports whether [Query.Fill] must be called for the objects that were read.
func (q Query) Fills() bool { return len(q.Prefetch) > 0 || q.Peers }

// branch is one relation of several prefetched paths that begin with it.
type branch struct {
	name  string
	query *Query     // of the path that ends here
	rest  []Prefetch // of the paths that continue
}

// branches sorts prefetches by their first relation.
func branches(list []Prefetch) []*branch {
	var all []*branch
	for _, p := range list {
		name, rest, continues := strings.Cut(p.Path, "__")
		at := slices.IndexFunc(all, func(b *branch) bool { return b.name == name })
		if at < 0 {
			all = append(all, &branch{name: name})
			at = len(all) - 1
		}
		if continues {
			all[at].rest = append(all[at].rest, Prefetch{rest, p.Query})
		} else if p.Query != nil {
			all[at].query = p.Query
		}
	}
	return all
}

// checkPaths returns an error for a path that does not lead over relations, before any statement is sent.
func checkPaths(m *schema.Model, list []Prefetch) error {
	for _, b := range branches(list) {
		path, err := m.ResolveRelation(b.name)
		if err != nil {
			return err
		}
		if err := checkPaths(path.Steps[0].To(), b.rest); err != nil {
			return err
		}
	}
	return nil
}

func fill(ctx context.Context, s *session.Session, m *schema.Model, objects []any, list []Prefetch) error {
	for _, b := range branches(list) {
		path, err := m.ResolveRelation(b.name)
		if err != nil {
			return err
		}
		l := loader{session: s.Across(path.Steps[0]), step: path.Steps[0], rest: b.rest}
		if err := l.requireStructField(); err != nil {
			return err
		}
		if l.query, err = l.related(b.query); err != nil {
			return err
		}
		if b.query == nil && !path.Steps[0].ToMany() {
			l.query.Select.Lifted = []string{schema.AllScopes} // the target of a foreign key is always found
		}
		if len(objects) == 0 {
			continue
		}
		if err := l.run(ctx, objects); err != nil {
			return err
		}
	}
	return nil
}

// loader loads one relation.
type loader struct {
	session *session.Session
	step    schema.Step
	query   Query // of the related model
	rest    []Prefetch
}

// requireStructField returns an error unless the related objects have a struct field to be stored in.
func (l *loader) requireStructField() error {
	name := l.step.Relation.GoName
	if l.step.Reverse {
		name = l.step.Relation.ReverseGoName
	}
	if name != "" {
		return nil
	}
	return &schema.LookupError{
		Model: l.step.From(), Path: l.step.Name(), Part: l.step.Name(),
		Problem: fmt.Sprintf("%s has no struct field to load %q into; add one of type []%s, or use LoadReverse",
			l.step.From(), l.step.Name(), l.step.To().Name),
	}
}

// related returns the query of the related objects: custom, or all if it is nil.
func (l *loader) related(custom *Query) (Query, error) {
	if custom == nil {
		return Query{Session: l.session, Select: &compile.Query{Model: l.step.To(), Order: Ordering(l.step.To())}}, nil
	}
	switch q := custom.Select; {
	case q.Err != nil:
		return *custom, q.Err
	case q.Model != l.step.To():
		return *custom, fmt.Errorf("orm: the prefetch of %q takes a query on %s, not %s", l.step.Name(), l.step.To(), q.Model)
	case q.Limit > 0 || q.Offset > 0:
		return *custom, fmt.Errorf("orm: the prefetch of %q takes no query with Limit or Offset, which would count the rows of all parents",
			l.step.Name())
	case !custom.Session.SameDatabase(l.session):
		return *custom, fmt.Errorf("orm: the prefetch of %q takes a query on the database %q, not on %q; add Using(%[2]q) to it",
			l.step.Name(), l.session.Alias(), custom.Session.Alias())
	}
	return *custom, nil
}

// matching returns the related objects whose field holds one of some keys.
func (l *loader) matching(ctx context.Context, f *schema.Field, keys any) ([]any, error) {
	q := *l.query.Select
	q.Where = append(slices.Clip(q.Where), compile.Node{Op: compile.Lookup, Path: f.Name + "__" + schema.In, Value: keys})
	return Query{Session: l.query.Session, Select: &q, Prefetch: l.query.Prefetch, Peers: l.query.Peers}.Objects(ctx)
}

func (l *loader) run(ctx context.Context, parents []any) error {
	r := l.step.Relation
	if !l.step.Reverse && r.Kind != schema.KindManyToMany {
		return l.loadOne(ctx, parents)
	}
	groups, err := l.groups(ctx, parents)
	if err != nil {
		return err
	}
	for i, parent := range parents {
		if l.step.Reverse {
			r.SetReverse(parent, groups[i])
		} else {
			r.SetObjects(parent, groups[i])
		}
		if !l.query.Select.Columns.All() {
			partial.Copy(l.step.Objects(parent), groups[i])
		}
	}
	return nil
}

// loadOne loads the targets of a foreign key. Objects already loaded are kept.
func (l *loader) loadOne(ctx context.Context, parents []any) error {
	r := l.step.Relation
	keys, from, to := newIndex(len(parents)), keyFieldOf(r.Field), keyFieldOf(r.ToField)
	numbers := make([]int, len(parents)) // of the parent's key; -1 for none
	var loaded []any
	for i, parent := range parents {
		numbers[i] = -1
		if object := r.Object(parent); object != nil {
			loaded = append(loaded, object)
			continue
		}
		var err error
		if numbers[i], err = from.addTo(keys, parent); err != nil {
			return err
		}
	}
	var related []any
	for chunk := range keys.chunks(rowsql.ChunkSize) {
		objects, err := l.matching(ctx, r.ToField, chunk)
		if err != nil {
			return err
		}
		related = append(related, objects...)
	}
	if err := fill(ctx, l.session, l.step.To(), append(loaded, related...), l.rest); err != nil {
		return err
	}
	found := make([]any, keys.len())
	for _, object := range related {
		at, err := to.find(keys, object)
		if err != nil {
			return err
		}
		if at >= 0 {
			found[at] = object
		}
	}
	for i, parent := range parents {
		if at := numbers[i]; at >= 0 && found[at] != nil {
			r.SetObject(parent, found[at])
			if !l.query.Select.Columns.All() {
				partial.Copy(l.step.Objects(parent), []any{found[at]})
			}
		}
	}
	return nil
}

// Load loads relations of objects of a model that have been read already; see [Prefetch].
func Load(ctx context.Context, s *session.Session, m *schema.Model, objects []any, list []Prefetch) error {
	return fill(ctx, s, m, objects, list)
}
