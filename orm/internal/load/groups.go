package load

import (
	"context"
	"fmt"
	"reflect"
	"unsafe"

	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/internal/rowsql"
	"github.com/quintetgo/quintet/orm/internal/scan"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/schema"
)

// Reverse returns the related objects of each parent by a to-many relation, which needs no struct field in the parent.
func Reverse(ctx context.Context, s *session.Session, step schema.Step, parents []any) ([][]any, error) {
	l := loader{session: s.Across(step), step: step}
	var err error
	if l.query, err = l.related(nil); err != nil {
		return nil, err
	}
	return l.groups(ctx, parents)
}

// grouping holds related objects by the key of their parent.
type grouping struct {
	keys  *index // of the parents
	links []link
	all   []any // each object once
}

// link is a related object with the number of its parent's key.
type link struct {
	object any
	at     int
}

// objects returns the related objects by the number of the parent's key, in the order in which they were read.
func (g *grouping) objects() [][]any {
	ends := make([]int, g.keys.len()+1)
	for _, link := range g.links {
		ends[link.at+1]++
	}
	for i := 1; i < len(ends); i++ {
		ends[i] += ends[i-1]
	}
	sorted, lists := make([]any, len(g.links)), make([][]any, g.keys.len())
	for i := range lists {
		lists[i] = sorted[ends[i]:ends[i]:ends[i+1]]
	}
	for _, link := range g.links {
		lists[link.at] = append(lists[link.at], link.object)
	}
	return lists
}

// groups loads the related objects of each parent, with the relations of rest.
func (l *loader) groups(ctx context.Context, parents []any) ([][]any, error) {
	r := l.step.Relation
	target := r.ToField // what the related rows refer to
	if !l.step.Reverse {
		target = r.ThroughFrom.Relation.ToField
	}
	g := &grouping{keys: newIndex(len(parents))}
	numbers := make([]int, len(parents)) // of the parent's key; -1 for none
	key := keyFieldOf(target)
	for i, parent := range parents {
		var err error
		if numbers[i], err = key.addTo(g.keys, parent); err != nil {
			return nil, err
		}
	}
	load := l.loadReverse
	if r.Kind == schema.KindManyToMany {
		load = l.loadThrough
	}
	for chunk := range g.keys.chunks(rowsql.ChunkSize) {
		if err := load(ctx, chunk, g); err != nil {
			return nil, err
		}
	}
	if err := fill(ctx, l.session, l.step.To(), g.all, l.rest); err != nil {
		return nil, err
	}
	groups, objects := make([][]any, len(parents)), g.objects()
	for i, at := range numbers {
		if at >= 0 {
			groups[i] = objects[at]
		}
	}
	return groups, nil
}

// loadReverse loads the objects whose foreign key is one of the parents' keys.
func (l *loader) loadReverse(ctx context.Context, keys any, g *grouping) error {
	f := l.step.Relation.Field
	objects, err := l.matching(ctx, f, keys)
	if err != nil {
		return err
	}
	key := keyFieldOf(f)
	for _, object := range objects {
		at, err := key.find(g.keys, object)
		if err != nil {
			return err
		}
		if at >= 0 {
			g.links = append(g.links, link{object, at})
		}
	}
	g.all = append(g.all, objects...)
	return nil
}

// loadThrough loads the objects that rows of a through table link to the parents' keys. An object linked to several parents is
// one object.
func (l *loader) loadThrough(ctx context.Context, keys any, g *grouping) error {
	objects, err := l.linked(ctx, keys, g)
	if err != nil {
		return err
	}
	g.all = append(g.all, objects...)
	return l.query.Fill(ctx, objects)
}

// linked adds the links to g, and returns each of their objects once.
func (l *loader) linked(ctx context.Context, keys any, g *grouping) (objects []any, err error) {
	q, r := l.query, l.step.Relation
	from, to := r.ThroughFrom, r.ThroughTo
	if l.step.Reverse {
		from, to = to, from
	}
	selection := compile.Link{From: from, To: to, Keys: keys}
	q.Select = q.scoped(ctx)
	p, args, err := q.plan(planThrough, func(shape *compile.Shape) bool { return shape.AddLink(selection) },
		func(numbered *compile.Query) (*plan, error) {
			selected, err := compile.Through(q.Session.Dialect(), numbered, selection)
			if err != nil {
				return nil, err
			}
			readers, err := scan.NewPool(selected.Objects, 0, 1)
			return &plan{Statement: selected.Statement, readers: readers}, err
		})
	if err != nil {
		return nil, err
	}
	rows, err := l.session.Reader(ctx).QueryContext(ctx, p.SQL, args...)
	if err != nil {
		return nil, q.failed(err)
	}
	reader := p.readers.Get(ctx)
	defer p.readers.Put(reader)
	model := q.Select.Model
	seen, pk := newIndex(16), keyFieldOf(model.PK)
	var invalid error
	err = reader.Each(rows, func(p unsafe.Pointer) bool {
		object := reflect.NewAt(model.Type, p).Interface()
		at, err := pk.addTo(seen, object)
		if err != nil {
			invalid = fmt.Errorf("orm: prefetch %q: %w", l.step.Name(), err)
			return false
		}
		if at < len(objects) {
			object = objects[at]
		} else {
			objects = append(objects, object)
		}
		if at, ok := g.keys.find(reader.Extras()[0]); ok {
			g.links = append(g.links, link{object, at})
		}
		return true
	})
	if invalid != nil {
		return nil, invalid
	}
	return objects, q.failed(err)
}
