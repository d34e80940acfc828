package load

import (
	"fmt"
	"reflect"

	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/schema"
)

// Unloaded is called when a struct field of an object is read and is nil. If the field holds a relation, and the object
// was read by a query with FetchPeers, it loads the relation. Otherwise it returns an error if the field holds the
// object of a foreign key that has a value.
func Unloaded(s *session.Session, object any, goName string) error {
	t := reflect.TypeOf(object)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t.Name() == "" {
		return nil
	}
	m, err := s.ModelOf(t)
	if err != nil {
		return nil //nolint:nilerr // not a model, so the field is no relation
	}
	name, key := relationIn(m, goName)
	if name == "" {
		return nil
	}
	if fetched, err := FetchPeers(object, name, goName); fetched || err != nil {
		return err
	}
	if key == nil || key.IsZero(object) {
		return nil
	}
	return fmt.Errorf("orm: %s.%s is not loaded, although %s is %v: add SelectRelated or Prefetch of %q, or FetchPeers, to the query",
		m, goName, key.Attr, schema.Indirect(key.Value(object)), name)
}

// relationIn returns the name of the relation that a struct field holds, and its foreign key if that is in the same
// struct; "" if the field holds none.
func relationIn(m *schema.Model, goName string) (name string, key *schema.Field) {
	for _, f := range m.Fields {
		if f.Relation != nil && f.Relation.GoName == goName {
			return f.Name, f
		}
	}
	for _, f := range m.ManyToMany {
		if f.Relation.GoName == goName {
			return f.Name, nil
		}
	}
	for _, r := range m.Reverse {
		if r.ReverseGoName == goName && r.QueryName != "" {
			return r.QueryName, nil
		}
	}
	return "", nil
}
