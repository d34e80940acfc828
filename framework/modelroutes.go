package framework

import (
	"reflect"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/web"
)

// modelRoutes reports models whose method Route names a route that does not exist. The method is called on a zero value.
func (p *Project) modelRoutes() (list []check.Problem) {
	for _, app := range p.apps {
		a, ok := app.(interface{ Models() []any })
		if !ok {
			continue
		}
		for _, model := range a.Models() {
			if name := routeName(model); name != "" {
				list = append(list, p.routeProblem(reflect.TypeOf(model).Elem().String()+".Route", name)...)
			}
		}
	}
	return list
}

// routeName returns the name of the route of a model's objects, or "" if it has none or depends on an object's values.
func routeName(model any) (name string) {
	t := reflect.TypeOf(model)
	if t == nil || t.Kind() != reflect.Pointer || !t.Implements(reflect.TypeFor[web.Routable]()) {
		return ""
	}
	defer func() {
		if recover() != nil { // Route reads a relation that is nil in a zero value
			name = ""
		}
	}()
	return reflect.New(t.Elem()).Interface().(web.Routable).Route().Name()
}
