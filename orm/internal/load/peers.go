package load

import (
	"context"
	"reflect"
	"runtime"
	"sync"
	"weak"

	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/schema"
)

// group is the objects that one query has read for FetchPeers. A relation that is missing in one of them is loaded for
// all.
type group struct {
	ctx     context.Context //nolint:containedctx // of the query; what reads a field has none
	session *session.Session
	model   *schema.Model

	mu      sync.Mutex
	members []weak.Pointer[byte]
	tried   map[string]bool // relations that have been loaded
}

// groups holds the group of an object by a weak pointer to it, until the object is freed.
var peerGroups sync.Map //nolint:gochecknoglobals // objects belong to no database

// remember makes objects, pointers to structs of one model, peers of each other.
func remember(ctx context.Context, s *session.Session, m *schema.Model, objects []any) {
	if len(objects) == 0 {
		return
	}
	g := &group{ctx: ctx, session: s, model: m, tried: map[string]bool{}}
	for _, object := range objects {
		at := (*byte)(reflect.ValueOf(object).UnsafePointer())
		key := weak.Make(at)
		if _, known := peerGroups.Swap(key, g); !known {
			runtime.AddCleanup(at, func(key weak.Pointer[byte]) { peerGroups.Delete(key) }, key)
		}
		g.members = append(g.members, key)
	}
}

// FetchPeers loads a relation, by its name and the struct field that holds it, for an object and its peers, if a query
// with FetchPeers has read it. It reports whether one has.
func FetchPeers(object any, name, goName string) (bool, error) {
	rv := reflect.ValueOf(object)
	if rv.Kind() != reflect.Pointer {
		return false, nil
	}
	found, ok := peerGroups.Load(weak.Make((*byte)(rv.UnsafePointer())))
	if !ok {
		return false, nil
	}
	g := found.(*group)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.tried[name] {
		return true, nil // there is no such row
	}
	var peers []any
	for _, member := range g.members {
		if p := member.Value(); p != nil {
			peers = append(peers, reflect.NewAt(g.model.Type, reflect.ValueOf(p).UnsafePointer()).Interface())
		}
	}
	if err := fill(g.ctx, g.session, g.model, peers, []Prefetch{{Path: name}}); err != nil {
		return true, err
	}
	g.tried[name] = true
	g.rememberRelated(peers, goName)
	return true, nil
}

// rememberRelated makes the objects in a struct field of the peers peers of each other.
func (g *group) rememberRelated(peers []any, goName string) {
	var related []any
	seen := map[any]bool{}
	add := func(v reflect.Value) {
		if v.Kind() == reflect.Struct {
			v = v.Addr()
		}
		if v.Kind() == reflect.Pointer && !v.IsNil() && !seen[v.Interface()] {
			seen[v.Interface()] = true
			related = append(related, v.Interface())
		}
	}
	for _, peer := range peers {
		held := reflect.ValueOf(peer).Elem().FieldByName(goName)
		if held.Kind() != reflect.Slice {
			add(held)
			continue
		}
		for i := range held.Len() {
			add(held.Index(i))
		}
	}
	if len(related) == 0 {
		return
	}
	if to, err := g.session.ModelOf(related[0]); err == nil {
		remember(g.ctx, g.session, to, related)
	}
}
