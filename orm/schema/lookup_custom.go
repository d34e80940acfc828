package schema

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// CustomLookup is a comparison that a program adds to those of this package.
type CustomLookup struct {
	// Name ends a path: "name__sounds_like".
	Name string
	// Kinds are those of the values that have the lookup.
	Kinds []Kind
	// SQL is the condition on each database, by the name of its dialect; that of "" is for all others. $1 is the value
	// that is compared, and $2, after it, the one that it is compared with.
	SQL map[string]string
}

// CustomTransform is a value computed from another one that a program adds to those of this package.
type CustomTransform struct {
	// Name follows the name of a field: "name__initials", "name__initials__in".
	Name string
	// Kinds are those of the values that have the transform.
	Kinds []Kind
	// Result is the kind of the computed value, whose lookups can follow.
	Result Kind
	// SQL is the value on each database, by the name of its dialect; that of "" is for all others. $1 is the value that it
	// is computed from.
	SQL map[string]string
}

// registered holds what was registered under names.
type registered[T any] struct {
	mu     sync.RWMutex
	byName map[string]T
	names  []string
}

func (r *registered[T]) get(name string) (T, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	v, ok := r.byName[name]
	return v, ok
}

func (r *registered[T]) list() []T {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if len(r.names) == 0 {
		return nil
	}
	list := make([]T, len(r.names))
	for i, name := range r.names {
		list[i] = r.byName[name]
	}
	return list
}

func (r *registered[T]) add(name string, v T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byName == nil {
		r.byName = map[string]T{}
	}
	r.byName[name] = v
	r.names = append(r.names, name)
}

//nolint:gochecknoglobals // what a program registers when it starts
var (
	registeredLookups    registered[CustomLookup]
	registeredTransforms registered[CustomTransform]
)

// RegisterLookup adds a lookup for all queries of the program. Call it from an init function. It panics if the name is taken or
// the lookup is not complete.
func RegisterLookup(l CustomLookup) {
	checkCustom("RegisterLookup", l.Name, l.Kinds, l.SQL, "$1", "$2")
	registeredLookups.add(l.Name, l)
}

// RegisterTransform adds a transform for all queries of the program. Call it from an init function. It panics if the name is
// taken or the transform is not complete.
func RegisterTransform(t CustomTransform) {
	checkCustom("RegisterTransform", t.Name, t.Kinds, t.SQL, "$1")
	if t.Result == KindUnknown {
		panic(fmt.Sprintf("orm: RegisterTransform(%q): Result is missing; set the kind of the computed value", t.Name))
	}
	registeredTransforms.add(t.Name, t)
}

// LookupNamed returns a registered lookup.
func LookupNamed(name string) (CustomLookup, bool) { return registeredLookups.get(name) }

// TransformNamed returns a registered transform.
func TransformNamed(name string) (CustomTransform, bool) { return registeredTransforms.get(name) }

var customName = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

// checkCustom panics if a lookup or transform cannot be registered.
func checkCustom(function, name string, kinds []Kind, sql map[string]string, places ...string) {
	problem := ""
	switch {
	case !customName.MatchString(name):
		problem = "the name is not lower case with single underscores"
	case taken(name):
		problem = "the name is taken"
	case len(kinds) == 0:
		problem = "Kinds are missing; name the kinds of values that have it"
	case len(sql) == 0:
		problem = "SQL is missing"
	}
	for database, template := range sql {
		at := -1
		for _, place := range places {
			next := strings.Index(template, place)
			if strings.Count(template, place) != 1 || next < at {
				problem = fmt.Sprintf("the SQL for %q must have %s once each, in this order", database, strings.Join(places, " and "))
			}
			at = next
		}
	}
	if problem != "" {
		panic(fmt.Sprintf("orm: %s(%q): %s", function, name, problem))
	}
}

func taken(name string) bool {
	if _, custom := registeredTransforms.get(name); custom || isLookup(name) {
		return true
	}
	return slices.Contains(transforms(KindDateTime), name) || slices.Contains(transforms(KindText), name)
}
