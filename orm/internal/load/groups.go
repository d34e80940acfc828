package load

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"unsafe"

	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/internal/rowsql"
	"github.com/quintetgo/quintet/orm/internal/scan"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/schema"
)

// Reverse returns the related objects of each parent by a to-many relation, which needs no struct field in the parent.
func Reverse(ctx context.Context, s *session.Session, step schema.Step, parents []any) ([][]any, error) {
	l := loader{session: s, step: step}
	var err error
	if l.query, err = l.related(nil); err != nil {
		return nil, err
	}
	return l.groups(ctx, parents)
}

// grouping holds related objects by the key of their parent.
type grouping struct {
	keys    *index  // of the parents
	objects [][]any // by the number of the parent's key
	all     []any   // each once
}

func (g *grouping) add(object, key any) {
	if at, ok := g.keys.find(key); ok {
		g.objects[at] = append(g.objects[at], object)
	}
}

// groups loads the related objects of each parent, with the relations of rest.
func (l *loader) groups(ctx context.Context, parents []any) ([][]any, error) {
	r := l.step.Relation
	target := r.ToField // what the related rows refer to
	if !l.step.Reverse {
		target = r.ThroughFrom.Relation.ToField
	}
	g := &grouping{keys: newIndex(len(parents))}
	numbers := make([]int, len(parents))
	for i, parent := range parents {
		key, err := target.Encode(target.Value(parent))
		if err != nil {
			return nil, err
		}
		numbers[i] = g.keys.add(key)
	}
	g.objects = make([][]any, len(g.keys.keys))
	load := l.loadReverse
	if r.Kind == schema.KindManyToMany {
		load = l.loadThrough
	}
	for chunk := range slices.Chunk(g.keys.keys, rowsql.ChunkSize) {
		if err := load(ctx, chunk, g); err != nil {
			return nil, err
		}
	}
	if err := fill(ctx, l.session, l.step.To(), g.all, l.rest); err != nil {
		return nil, err
	}
	groups := make([][]any, len(parents))
	for i, at := range numbers {
		groups[i] = g.objects[at]
	}
	return groups, nil
}

// loadReverse loads the objects whose foreign key is one of the parents' keys.
func (l *loader) loadReverse(ctx context.Context, keys []any, g *grouping) error {
	f := l.step.Relation.Field
	objects, err := l.matching(ctx, f, keys)
	if err != nil {
		return err
	}
	for _, object := range objects {
		key, err := f.Encode(f.Value(object))
		if err != nil {
			return err
		}
		g.add(object, key)
	}
	g.all = append(g.all, objects...)
	return nil
}

// link is a row of a through table: a related object and the key of a parent.
type link struct{ object, key any }

// loadThrough loads the objects that rows of a through table link to the parents' keys. An object linked to several parents is
// one object.
func (l *loader) loadThrough(ctx context.Context, keys []any, g *grouping) error {
	links, objects, err := l.links(ctx, keys)
	if err != nil {
		return err
	}
	if err := l.query.Fill(ctx, objects); err != nil {
		return err
	}
	for _, link := range links {
		g.add(link.object, link.key)
	}
	g.all = append(g.all, objects...)
	return nil
}

func (l *loader) links(ctx context.Context, keys []any) (links []link, objects []any, err error) {
	q, r := l.query, l.step.Relation
	from, to := r.ThroughFrom, r.ThroughTo
	if l.step.Reverse {
		from, to = to, from
	}
	selected, err := compile.Through(l.session.Dialect(), q.scoped(ctx), from, to, keys)
	if err != nil {
		return nil, nil, err
	}
	reader, err := scan.NewReader(ctx, selected.Objects, 0)
	if err != nil {
		return nil, nil, err
	}
	reader.WithExtras(1)
	rows, err := l.session.Reader(ctx).QueryContext(ctx, selected.SQL, selected.Args...)
	if err != nil {
		return nil, nil, q.failed(err)
	}
	model := q.Select.Model
	seen := newIndex(16)
	var invalid error
	err = reader.Each(rows, func(p unsafe.Pointer) bool {
		object := reflect.NewAt(model.Type, p).Interface()
		key, err := model.PK.Encode(model.PK.Value(object))
		if err != nil {
			invalid = fmt.Errorf("orm: prefetch %q: %w", l.step.Name(), err)
			return false
		}
		if at := seen.add(key); at < len(objects) {
			object = objects[at]
		} else {
			objects = append(objects, object)
		}
		links = append(links, link{object, mapKey(reader.Extras()[0])})
		return true
	})
	if invalid != nil {
		return nil, nil, invalid
	}
	return links, objects, q.failed(err)
}
