package load

import (
	"slices"

	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/schema"
)

// scopeUse is a use of the default scopes of a model in a statement, except for the lifted ones.
type scopeUse struct {
	model  *schema.Model
	lifted []string
}

func (u scopeUse) equal(other scopeUse) bool {
	return u.model == other.model && slices.Equal(u.lifted, other.lifted)
}

// scopedShape extends the shape of a query by the conditions of the default scopes that its statement uses, in the order in which
// the compiler asks for them. Which these are depends on the query and on the conditions before them alone, so that a plan
// can be found step by step: under each incomplete key, the cache has the next use.
//
// The conditions of a use, such as the key of the tenant, are those of one context. A scopedShape asks for them once.
type scopedShape struct {
	*compile.Shape
	scoping compile.Scoping // nil if no model has default scopes
	known   *plans
	mark    compile.Mark // of the query alone
	asked   []askedScope
	partly  bool // a use has conditions that have no key, so that the statement has none
}

// askedScope is a use with its conditions.
type askedScope struct {
	scopeUse
	nodes    []compile.Node
	numbered []compile.Node // of the statement that is being compiled
	err      error
}

// ask returns the conditions of a use.
func (s *scopedShape) ask(use scopeUse) *askedScope {
	for i := range s.asked {
		if s.asked[i].equal(use) {
			return &s.asked[i]
		}
	}
	asked := askedScope{scopeUse: use}
	asked.nodes, asked.err = s.scoping(use.model, use.lifted)
	s.asked = append(s.asked, asked)
	return &s.asked[len(s.asked)-1]
}

// find returns the plan of the query, nil if there is none yet.
func (s *scopedShape) find() (*plan, error) {
	p := s.known.find(s.Key())
	for p != nil && p.scope != nil {
		asked := s.ask(*p.scope)
		if asked.err != nil {
			return nil, asked.err
		}
		if !s.AddNodes(asked.model, asked.nodes) {
			return nil, nil
		}
		p = s.known.find(s.Key())
	}
	return p, nil
}

// record returns the default scopes for compiling the query. Their conditions are numbered, and the uses kept for find.
func (s *scopedShape) record() compile.Scoping {
	if s.scoping == nil {
		return nil
	}
	s.Reset(s.mark)
	return func(m *schema.Model, lifted []string) ([]compile.Node, error) {
		asked := s.ask(scopeUse{m, lifted})
		if asked.err != nil || s.partly {
			return asked.nodes, asked.err
		}
		if asked.numbered == nil {
			asked.lifted = slices.Clone(lifted) // which belongs to the query
			s.known.keep(s.Key(), &plan{scope: &scopeUse{asked.model, asked.lifted}})
			numbered := s.Number(asked.nodes)
			if s.partly = !s.AddNodes(m, asked.nodes); s.partly {
				return asked.nodes, nil
			}
			asked.numbered = numbered
		}
		return asked.numbered, nil
	}
}

// plain returns the default scopes for compiling a query whose statement is not kept.
func (s *scopedShape) plain() compile.Scoping {
	if s.scoping == nil {
		return nil
	}
	return func(m *schema.Model, lifted []string) ([]compile.Node, error) {
		asked := s.ask(scopeUse{m, lifted})
		return asked.nodes, asked.err
	}
}
