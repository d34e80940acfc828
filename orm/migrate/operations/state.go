package operations

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
)

// State is the set of models at one point of the migrations. The zero value is not usable; call [NewState]. It may be read
// concurrently; operations must not be applied concurrently.
type State struct {
	models  map[string]*Model
	aliases map[string][]string
}

// NewState returns a State without models. aliases holds, for an alias such as "auth.User", the names that its model has had,
// newest first; the alias means the first of them that exists in the State.
func NewState(aliases map[string][]string) *State {
	s := &State{models: map[string]*Model{}, aliases: make(map[string][]string, len(aliases))}
	for alias, names := range aliases {
		s.aliases[strings.ToLower(alias)] = names
	}
	return s
}

// Clone returns a State that can be changed without changing s.
func (s *State) Clone() *State {
	return &State{models: maps.Clone(s.models), aliases: s.aliases}
}

// Resolve returns the key of the model with a name, whether or not it exists: "blog.post" for "blog.Post", and the key of its
// model for an alias.
func (s *State) Resolve(name string) string {
	key := strings.ToLower(name)
	if s.models[key] != nil {
		return key
	}
	names := s.aliases[key]
	for _, n := range names {
		if s.models[strings.ToLower(n)] != nil {
			return strings.ToLower(n)
		}
	}
	if len(names) > 0 {
		return strings.ToLower(names[0])
	}
	return key
}

// IsAlias reports whether name is an alias, and no model has that name.
func (s *State) IsAlias(name string) bool {
	key := strings.ToLower(name)
	return s.models[key] == nil && len(s.aliases[key]) > 0
}

// Find returns the model with a name ("blog.Post", in any case, or an alias), or nil.
func (s *State) Find(name string) *Model { return s.models[s.Resolve(name)] }

// Model returns the model with a name, or an error that suggests a similar one.
func (s *State) Model(name string) (*Model, error) {
	if m := s.Find(name); m != nil {
		return m, nil
	}
	names := make([]string, 0, len(s.models))
	for _, m := range s.Models() {
		names = append(names, m.String())
	}
	return nil, fmt.Errorf("there is no model %q at this point of the migrations%s", name, check.DidYouMean(name, names))
}

// Models returns the models, sorted by name.
func (s *State) Models() []*Model {
	list := make([]*Model, 0, len(s.models))
	for _, key := range slices.Sorted(maps.Keys(s.models)) {
		list = append(list, s.models[key])
	}
	return list
}

// Put adds a model, or replaces the one with its name. The model must not be changed afterwards.
func (s *State) Put(m *Model) { s.models[m.Key()] = m }

// Drop removes the model with a key.
func (s *State) Drop(key string) { delete(s.models, key) }

// Referrer is a field that references a model.
type Referrer struct {
	Model *Model
	Field Field
}

// Referrers returns the fields that reference the model with a key, or have it as their through model.
func (s *State) Referrers(key string) []Referrer {
	var list []Referrer
	for _, m := range s.Models() {
		for _, f := range m.Fields {
			if f.Kind.IsRelation() && (s.Resolve(f.Options.To) == key || f.Options.Through != "" && s.Resolve(f.Options.Through) == key) {
				list = append(list, Referrer{m, f})
			}
		}
	}
	return list
}

// Target returns the model and field that a reference points to.
func (s *State) Target(f Field) (*Model, Field, error) {
	m, err := s.Model(f.Options.To)
	if err != nil {
		return nil, Field{}, fmt.Errorf("field %q: %w", f.Name, err)
	}
	if f.Options.ToField == "" {
		pk, ok := m.PrimaryKey()
		if !ok {
			return nil, Field{}, fmt.Errorf("field %q points at %s, which has no primary key", f.Name, m)
		}
		return m, pk, nil
	}
	to, ok := m.Field(f.Options.ToField)
	if !ok {
		return nil, Field{}, fmt.Errorf("field %q points at %s.%s, which does not exist%s", f.Name, m, f.Options.ToField,
			check.DidYouMean(f.Options.ToField, m.FieldNames()))
	}
	return m, to, nil
}
