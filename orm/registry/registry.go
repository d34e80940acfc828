package registry

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/declare"
	"github.com/quintetgo/quintet/orm/internal/problem"
	"github.com/quintetgo/quintet/orm/schema"
)

// Registry holds the models of one project. The zero value is ready for use. Its methods may be called concurrently, but
// all models must be registered before the first is used.
type Registry struct {
	mu      sync.RWMutex
	models  []*schema.Model
	byKey   map[string]*schema.Model
	byType  map[reflect.Type]*schema.Model
	aliases map[string]string // lower-case alias to lower-case key

	targets  map[*schema.Relation]*target
	slots    map[*schema.Model][]*slot
	warnings []check.Problem // found while models were registered
	scoped   atomic.Bool     // a model is scoped
}

// Register reads the structs that models point at (&Post{} or Post{}) and links their relations, also to models that
// were registered before. Types that are registered already are ignored. The error is a [*ProblemsError] with every
// problem found; models without one are registered nevertheless.
func (r *Registry) Register(app string, models ...any) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.prepare()
	var found []check.Problem
	for _, model := range models {
		typ := reflect.TypeOf(model)
		for typ != nil && typ.Kind() == reflect.Pointer {
			typ = typ.Elem()
		}
		if typ == nil || typ.Kind() != reflect.Struct || typ.Name() == "" {
			found = append(found, problem.Error("orm.E001", app, fmt.Sprintf("%T is not a model", model),
				"List pointers to named structs, such as &Post{}."))
			continue
		}
		if existing := r.byType[typ]; existing != nil {
			if !strings.EqualFold(existing.App, app) {
				found = append(found, problem.Error("orm.E002", existing.String(), fmt.Sprintf("the model is registered by %q and by %q",
					existing.App, app), "List it in one app only."))
			}
			continue
		}
		declared, problems := declare.Read(app, typ)
		m := declared.Model
		if other := r.byKey[m.Key()]; other != nil {
			problems = append(problems, problem.Error("orm.E002", m.String(), fmt.Sprintf("%s and %s have the same name", typ, other.Type),
				"Rename one of them."))
		}
		if other := r.tableOf(m.Table); other != nil {
			problems = append(problems, problem.Error("orm.E003", m.String(), fmt.Sprintf("the table %q belongs to %s already", m.Table,
				other), "Give one of them another table in Meta."))
		}
		if !problem.HasErrors(problems) {
			r.insert(m)
			for rel, t := range declared.Targets {
				r.targets[rel] = &target{Target: t}
			}
			for _, s := range declared.Slots {
				r.slots[m] = append(r.slots[m], &slot{Slot: s})
			}
		}
		found = append(found, problems...)
	}
	found = append(found, r.link()...)
	return r.split(found)
}

// Add registers models that were not made from Go structs, such as those of migration state: Name, Attr, Column and Kind
// of their fields are filled in, and relations name their Target.
func (r *Registry) Add(models ...*schema.Model) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.prepare()
	for _, m := range models {
		for _, f := range slices.Concat(m.Fields, m.ManyToMany) {
			if f.Attr == "" {
				f.Attr = f.Name
				if f.Relation != nil && f.Kind != schema.KindManyToMany {
					f.Attr = f.Name + "_id"
				}
			}
			if f.Relation != nil {
				f.Relation.From, f.Relation.Field, f.Relation.Kind = m, f, f.Kind
				r.targets[f.Relation] = &target{Target: &declare.Target{Name: f.Relation.Target}}
			}
			if f.PrimaryKey {
				m.PrimaryKeys = append(m.PrimaryKeys, f)
			}
		}
		if m.PK == nil && len(m.PrimaryKeys) > 0 {
			m.PK = m.PrimaryKeys[0]
		}
		m.BuildIndex()
		r.insert(m)
	}
	return r.split(r.link())
}

// IsScoped reports whether queries on some model add conditions.
func (r *Registry) IsScoped() bool { return r.scoped.Load() }

// Alias sets another name for a model, such as "auth.User" for "accounts.User". The model may be registered later.
func (r *Registry) Alias(alias, model string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.prepare()
	key, target := strings.ToLower(alias), strings.ToLower(model)
	if old, ok := r.aliases[key]; ok && old != target {
		return fmt.Errorf("orm: alias %q is already the name of %q and cannot be that of %q", alias, old, model)
	}
	if r.byKey[key] != nil {
		return fmt.Errorf("orm: alias %q is the name of a model", alias)
	}
	r.aliases[key] = target
	return r.split(r.link())
}

// Models returns the registered models in the order of registration, implicit through models after the rest of their app.
func (r *Registry) Models() []*schema.Model {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Clone(r.models)
}

// Model finds a model by its name, "blog.Post", in any case, or by an alias.
func (r *Registry) Model(name string) (*schema.Model, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if m := r.find(name); m != nil {
		return m, nil
	}
	names := make([]string, 0, len(r.models)+len(r.aliases))
	for _, m := range r.models {
		names = append(names, m.String())
	}
	for alias := range r.aliases {
		names = append(names, alias)
	}
	slices.Sort(names)
	hint := ""
	if n := check.Nearest(name, names); n != "" {
		hint = fmt.Sprintf("; did you mean %q?", n)
	}
	return nil, fmt.Errorf("orm: no model %q%s Registered: %s", name, hint, strings.Join(names, ", "))
}

// ModelOf finds the model of a struct, a pointer to one, or a reflect.Type.
func (r *Registry) ModelOf(v any) (*schema.Model, error) {
	typ, ok := v.(reflect.Type)
	if !ok {
		typ = reflect.TypeOf(v)
	}
	for typ != nil && (typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice) {
		typ = typ.Elem()
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	if m := r.byType[typ]; m != nil {
		return m, nil
	}
	if typ == nil {
		return nil, errors.New("orm: nil is not a model")
	}
	return nil, fmt.Errorf("orm: %s is not a registered model; list it in the Models method of its app", typ)
}

// Check returns the problems that can only be found when all models are registered: relations without target, unknown names
// in Meta, foreign keys without OnDelete. It includes the warnings of Register.
func (r *Registry) Check() []check.Problem {
	r.mu.RLock()
	defer r.mu.RUnlock()
	found := slices.Clone(r.warnings)
	for _, m := range r.models {
		found = append(found, r.checkModel(m)...)
	}
	return found
}

func (r *Registry) prepare() {
	if r.byKey == nil {
		r.byKey, r.byType, r.aliases = map[string]*schema.Model{}, map[reflect.Type]*schema.Model{}, map[string]string{}
		r.targets, r.slots = map[*schema.Relation]*target{}, map[*schema.Model][]*slot{}
	}
}

func (r *Registry) insert(m *schema.Model) {
	if m.IsScoped() {
		r.scoped.Store(true)
	}
	r.models = append(r.models, m)
	r.byKey[m.Key()] = m
	if m.Type != nil {
		r.byType[m.Type] = m
	}
}

func (r *Registry) find(name string) *schema.Model {
	key := strings.ToLower(name)
	if m := r.byKey[key]; m != nil {
		return m
	}
	return r.byKey[r.aliases[key]]
}

func (r *Registry) tableOf(table string) *schema.Model {
	for _, m := range r.models {
		if m.Table == table {
			return m
		}
	}
	return nil
}

// split returns the errors among problems, and keeps the warnings for Check.
func (r *Registry) split(found []check.Problem) error {
	var bad []check.Problem
	for _, p := range found {
		if problem.IsError(p) {
			bad = append(bad, p)
		} else {
			r.warnings = append(r.warnings, p)
		}
	}
	if len(bad) > 0 {
		return &ProblemsError{bad}
	}
	return nil
}
