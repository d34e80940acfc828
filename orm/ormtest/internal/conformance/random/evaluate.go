package random

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/text/cases"
)

// chosen are the rows that conditions on relations to many rows are about, by the path to them.
type chosen map[string]*row

// holds reports whether a condition holds for a row. The conditions inside of it that lead to the same related rows are
// about the same one of them: it holds if there is a choice of related rows for which it does. Inside of a Not the choice
// begins again.
func holds(n node, root *row) bool {
	var paths [][]relation
	n.collect(&paths)
	slices.SortStableFunc(paths, func(a, b []relation) int { return cmp.Compare(len(a), len(b)) })
	return choose(n, root, paths, chosen{})
}

// collect adds the paths to many rows that the lookups of a condition choose one of.
func (n node) collect(paths *[][]relation) {
	switch n.operation {
	case and, or:
		for _, inner := range n.nodes {
			inner.collect(paths)
		}
	case lookup:
		if n.absent() {
			return
		}
		for i, step := range n.path {
			path := n.path[:i+1]
			if step.many && !slices.ContainsFunc(*paths, func(p []relation) bool { return slices.Equal(p, path) }) {
				*paths = append(*paths, path)
			}
		}
	}
}

// absent reports whether a lookup holds where there is no row at the end of a path to many rows.
func (n node) absent() bool {
	return n.field == "" && n.value == true && len(n.path) > 0 && n.path[len(n.path)-1].many
}

// choose tries every choice of rows.
func choose(n node, root *row, paths [][]relation, so chosen) bool {
	if len(paths) == 0 {
		return n.evaluate(root, so)
	}
	path := paths[0]
	last := path[len(path)-1]
	from, ok := follow(root, path[:len(path)-1], so)
	if !ok || from == nil || len(from.many[last.name]) == 0 {
		return choose(n, root, paths[1:], so) // without a row, for which no lookup holds
	}
	for _, x := range from.many[last.name] {
		so[pathKey(path)] = x
		if choose(n, root, paths[1:], so) {
			delete(so, pathKey(path))
			return true
		}
	}
	delete(so, pathKey(path))
	return false
}

func pathKey(path []relation) string {
	var b strings.Builder
	for _, step := range path {
		b.WriteString(step.name + "/")
	}
	return b.String()
}

// follow returns the row at the end of a path: the chosen one for relations to many rows. It is nil where a relation to one
// row leads nowhere; ok is false where there is no row to choose.
func follow(root *row, path []relation, so chosen) (at *row, ok bool) {
	at = root
	for i, step := range path {
		switch {
		case step.many:
			if at = so[pathKey(path[:i+1])]; at == nil {
				return nil, false
			}
		case at != nil:
			at = at.one[step.name]
		}
	}
	return at, true
}

// evaluate reports whether a condition holds with the chosen rows.
func (n node) evaluate(root *row, so chosen) bool {
	switch n.operation {
	case and:
		return !slices.ContainsFunc(n.nodes, func(inner node) bool { return !inner.evaluate(root, so) })
	case or:
		return slices.ContainsFunc(n.nodes, func(inner node) bool { return inner.evaluate(root, so) })
	case not:
		return !holds(node{operation: and, nodes: n.nodes}, root)
	}
	if n.absent() {
		return !exists([]*row{root}, n.path)
	}
	at, ok := follow(root, n.path, so)
	if !ok {
		return false
	}
	if n.field == "" {
		return (at == nil) == n.value.(bool)
	}
	return matches(n.lookup, at.value(n.field), n.value)
}

// exists reports whether there is a row at the end of a path.
func exists(rows []*row, path []relation) bool {
	for _, x := range rows {
		switch {
		case x == nil:
		case len(path) == 0:
			return true
		case path[0].many && exists(x.many[path[0].name], path[1:]), !path[0].many && exists([]*row{x.one[path[0].name]}, path[1:]):
			return true
		}
	}
	return false
}

// value returns a field of a row, nil for NULL and where there is no row.
func (x *row) value(field string) any {
	switch {
	case x == nil:
	case field == "rank":
		return x.rank
	case field == "age" && x.age != nil:
		return *x.age
	case field == "name" && x.name != nil:
		return *x.name
	}
	return nil
}

// matches reports whether a lookup holds for a value; nil is NULL.
func matches(lookup string, stored, value any) bool {
	switch {
	case lookup == "isnull":
		return (stored == nil) == value.(bool)
	case stored == nil:
		return false
	}
	switch stored := stored.(type) {
	case int64:
		return matchesNumber(lookup, stored, value)
	case string:
		return matchesText(lookup, stored, value)
	}
	return false
}

func matchesNumber(lookup string, n int64, value any) bool {
	if list, ok := value.([]int64); ok {
		if lookup == "in" {
			return slices.Contains(list, n)
		}
		return n >= list[0] && n <= list[1]
	}
	other := value.(int64)
	switch lookup {
	case "gt":
		return n > other
	case "gte":
		return n >= other
	case "lt":
		return n < other
	case "lte":
		return n <= other
	}
	return n == other
}

func matchesText(lookup, text string, value any) bool {
	if list, ok := value.([]string); ok {
		return slices.Contains(list, text)
	}
	other, fold := value.(string), cases.Fold()
	switch lookup {
	case "iexact":
		return fold.String(text) == fold.String(other)
	case "contains":
		return strings.Contains(text, other)
	case "icontains":
		return strings.Contains(fold.String(text), fold.String(other))
	case "startswith":
		return strings.HasPrefix(text, other)
	case "endswith":
		return strings.HasSuffix(text, other)
	case "gt":
		return text > other
	}
	return text == other
}
