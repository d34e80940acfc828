package auth

import (
	"slices"
	"strings"
)

// Perms is what one user may do. The zero value may do nothing. In templates it is perms:
//
//	{{ if .perms.Has "blog.add_post" }}…{{ end }}
type Perms struct {
	all bool
	set map[string]bool // "blog.add_post", lower case
}

// PermsOf returns the Perms that hold exactly the given names.
func PermsOf(names ...string) Perms {
	p := Perms{set: make(map[string]bool, len(names))}
	for _, name := range names {
		p.set[strings.ToLower(name)] = true
	}
	return p
}

// AllPerms returns the Perms of a superuser, who may do everything.
func AllPerms() Perms { return Perms{all: true} }

// Has reports whether the user may do what is called "blog.add_post".
func (p Perms) Has(name string) bool { return p.all || p.set[strings.ToLower(name)] }

// HasAll reports whether the user may do all of these.
func (p Perms) HasAll(names ...string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return !p.Has(name) })
}

// HasAny reports whether the user may do one of these.
func (p Perms) HasAny(names ...string) bool { return slices.ContainsFunc(names, p.Has) }

// HasApp reports whether the user may do anything in an app.
func (p Perms) HasApp(app string) bool {
	if p.all {
		return true
	}
	prefix := strings.ToLower(app) + "."
	for name := range p.set {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// Names returns the names in order. A superuser's Perms have none: they have everything.
func (p Perms) Names() []string {
	names := make([]string, 0, len(p.set))
	for name := range p.set {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// PermName returns the name of the permission for doing something with the objects of a model:
// PermName("change", "blog.Post") is "blog.change_post".
func PermName(action, model string) string {
	app, name, _ := strings.Cut(strings.ToLower(model), ".")
	return app + "." + action + "_" + name
}
