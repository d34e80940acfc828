package session

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/schema"
)

// Event is when a signal is sent.
type Event uint8

// The events.
const (
	BeforeSave Event = iota
	AfterSave
	BeforeDelete
	AfterDelete
	BeforeLink
	AfterLink
)

// Signal describes a write of one object.
type Signal struct {
	Model    *schema.Model
	Object   any      // a pointer to a struct
	Created  bool     // of a save: the row is new
	Fields   []string // of a save: the names of the columns that are written, nil for all
	Marked   bool     // of a deletion: the row is marked as deleted, and stays
	Relation string   // of a link: the name of the many-to-many relation
	Added    bool     // of a link: objects are linked, not unlinked
	Keys     []any    // of a link: the keys of the other objects
}

// Receiver is called with the signals of an event. Its error stops the write.
type Receiver func(ctx context.Context, signal Signal) error

// subject is what receivers are connected to: an event of one type of objects, or of all if the type is nil.
type subject struct {
	event Event
	model reflect.Type
}

// Connect adds a receiver of the signals about objects of a struct type, nil for all models, until disconnect is called.
func (s *Session) Connect(event Event, model reflect.Type, receive Receiver) (disconnect func()) {
	at, added := subject{event, model}, &receive
	s.changeReceivers(at, func(list []*Receiver) []*Receiver { return append(slices.Clip(list), added) })
	return func() {
		s.changeReceivers(at, func(list []*Receiver) []*Receiver {
			return slices.DeleteFunc(slices.Clone(list), func(r *Receiver) bool { return r == added })
		})
	}
}

// changeReceivers replaces the receivers of one subject in a copy of the map.
func (g *group) changeReceivers(at subject, change func([]*Receiver) []*Receiver) {
	g.receiversMutex.Lock()
	defer g.receiversMutex.Unlock()
	all := map[subject][]*Receiver{}
	if known := g.receivers.Load(); known != nil {
		all = maps.Clone(*known)
	}
	if all[at] = change(all[at]); len(all[at]) == 0 {
		delete(all, at)
	}
	if len(all) == 0 {
		g.receivers.Store(nil)
		return
	}
	g.receivers.Store(&all)
}

// Listens reports whether some receiver is connected to one of two events of a model.
func (s *Session) Listens(m *schema.Model, before, after Event) bool {
	all := s.receivers.Load()
	if all == nil {
		return false
	}
	for _, at := range []subject{{before, m.Type}, {after, m.Type}, {before, nil}, {after, nil}} {
		if len((*all)[at]) > 0 {
			return true
		}
	}
	return false
}

// Send calls the receivers of an event, those of the model first, in the order in which they were connected. It returns the
// first error.
func (s *Session) Send(ctx context.Context, event Event, signal Signal) error {
	all := s.receivers.Load()
	if all == nil {
		return nil
	}
	for _, at := range []subject{{event, signal.Model.Type}, {event, nil}} {
		for _, receive := range (*all)[at] {
			if err := (*receive)(ctx, signal); err != nil {
				return err
			}
		}
	}
	return nil
}

// Receiving returns the types that receivers are connected to.
func (s *Session) Receiving() []reflect.Type {
	var types []reflect.Type
	if all := s.receivers.Load(); all != nil {
		for at := range *all {
			if at.model != nil && !slices.Contains(types, at.model) {
				types = append(types, at.model)
			}
		}
	}
	slices.SortFunc(types, func(a, b reflect.Type) int { return strings.Compare(a.String(), b.String()) })
	return types
}
