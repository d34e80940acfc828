package templates

import (
	"maps"
	"sync"
)

// Lazy is a value of a page's data that is made when the page uses it for the first time, and not if
// the page only mentions it in a branch that does not run:
//
//	{{ if .user.IsAuthenticated }}<form method="post">{{ .csrf_field }} … </form>{{ end }}
//
// It is for values whose making has an effect, such as a cookie. Make it with [NewLazy]. It may be an
// entry of the data map only, where templates never see it, but its value.
type Lazy struct{ make func() any }

// NewLazy returns a value that fn makes, at most once.
func NewLazy(fn func() any) *Lazy { return &Lazy{sync.OnceValue(fn)} }

// LazyValue makes the value, or returns the one that was made.
func (l *Lazy) LazyValue() any { return l.make() }

// made returns data with its lazy values made, for what cannot wait for their use.
func made(data any) any {
	values, ok := data.(map[string]any)
	if !ok {
		return data
	}
	var out map[string]any
	for key, value := range values {
		lazy, ok := value.(*Lazy)
		if !ok {
			continue
		}
		if out == nil {
			out = maps.Clone(values)
		}
		out[key] = lazy.LazyValue()
	}
	if out == nil {
		return data
	}
	return out
}
