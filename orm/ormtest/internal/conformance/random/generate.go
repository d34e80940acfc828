package random

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/quintetgo/quintet/orm/dynamic"
)

// relation is a relation of a model.
type relation struct {
	name, to string
	many     bool
}

var relations = map[string][]relation{
	"Person": {
		{"boss", "Person", false},
		{"passport", "Passport", false},
		{"reports", "Person", true},
		{"teams", "Team", true},
		{"leads", "Team", true},
		{"notes", "Note", true},
	},
	"Passport": {{"owner", "Person", false}},
	"Team":     {{"lead", "Person", false}, {"members", "Person", true}, {"notes", "Note", true}},
	"Note":     {{"author", "Person", false}, {"team", "Team", false}},
}

var models = []string{"Person", "Passport", "Team", "Note"}

// operation is how a node combines those inside of it.
type operation uint8

const (
	lookup operation = iota
	and
	or
	not
)

// node is a condition: a lookup at the end of a path of relations, or a combination.
type node struct {
	operation operation
	nodes     []node
	path      []relation
	field     string // name, age or rank; "" for a relation, which has the lookup isnull only
	lookup    string
	value     any
}

// generator makes queries.
type generator struct{ *rand.Rand }

// condition returns a random condition on rows of a model.
func (g generator) condition(model string, depth int) node {
	if depth == 0 || g.IntN(3) == 0 {
		return g.leaf(model)
	}
	n := node{operation: []operation{and, or, not}[g.IntN(3)]}
	for range 1 + g.IntN(3) {
		n.nodes = append(n.nodes, g.condition(model, depth-1))
	}
	return n
}

func (g generator) leaf(model string) node {
	n := node{operation: lookup}
	for len(n.path) < 3 && g.IntN(2) == 0 {
		choices := relations[model]
		step := choices[g.IntN(len(choices))]
		n.path, model = append(n.path, step), step.to
	}
	if len(n.path) > 0 && g.IntN(5) == 0 {
		n.lookup, n.value = "isnull", g.IntN(2) == 0
		return n
	}
	switch g.IntN(3) {
	case 0:
		n.field = "name"
		n.lookup = []string{"exact", "iexact", "contains", "icontains", "startswith", "endswith", "gt", "isnull", "in"}[g.IntN(9)]
		n.value = names[g.IntN(len(names))]
		if n.lookup == "in" {
			n.value = []string{names[g.IntN(len(names))], names[g.IntN(len(names))]}
		}
	case 1:
		n.field = "age"
		g.number(&n, "exact", "gt", "gte", "lt", "lte", "isnull", "in", "range")
	default:
		n.field = "rank"
		g.number(&n, "exact", "gt", "lte", "in")
	}
	if n.lookup == "isnull" {
		n.value = g.IntN(2) == 0
	}
	return n
}

func (g generator) number(n *node, lookups ...string) {
	n.lookup, n.value = lookups[g.IntN(len(lookups))], ages[g.IntN(len(ages))]
	if n.lookup == "in" || n.lookup == "range" {
		n.value = []int64{ages[g.IntN(len(ages))], ages[g.IntN(len(ages))]}
	}
}

// condition returns the node as the ORM takes it.
func (n node) condition() dynamic.Condition {
	list := make([]dynamic.Condition, len(n.nodes))
	for i, inner := range n.nodes {
		list[i] = inner.condition()
	}
	switch n.operation {
	case and:
		return dynamic.And(list...)
	case or:
		return dynamic.Or(list...)
	case not:
		return dynamic.Not(list...)
	}
	return dynamic.Is(n.text(), n.value)
}

// text is the path of a lookup.
func (n node) text() string {
	var parts []string
	for _, step := range n.path {
		parts = append(parts, step.name)
	}
	if n.field != "" {
		parts = append(parts, n.field)
	}
	return strings.Join(append(parts, n.lookup), "__")
}

// String returns the condition for messages.
func (n node) String() string {
	if n.operation == lookup {
		return fmt.Sprintf("%s=%v", n.text(), n.value)
	}
	list := make([]string, len(n.nodes))
	for i, inner := range n.nodes {
		list[i] = inner.String()
	}
	return []string{"", "And", "Or", "Not"}[n.operation] + "(" + strings.Join(list, ", ") + ")"
}
