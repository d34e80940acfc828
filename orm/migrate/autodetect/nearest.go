package autodetect

import (
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/schema"
)

// likeness rates how likely it is that the field from of a was renamed to the field to of b, by type, size, position and
// name; 0 is impossible.
func likeness(a *operations.Model, from operations.Field, b *operations.Model, to operations.Field) int {
	if from.HasColumn() != to.HasColumn() || from.Kind.IsRelation() != to.Kind.IsRelation() {
		return 0
	}
	score := 0
	switch {
	case from.Kind == to.Kind:
		score = 40
	case from.Kind.IsText() && to.Kind.IsText(), whole(from.Kind) && whole(to.Kind), from.Kind.IsReference() && to.Kind.IsReference():
		score = 20
	default:
		return 0
	}
	if from.Kind.IsRelation() && !strings.EqualFold(from.Options.To, to.Options.To) {
		return 0
	}
	if from.SameShape(to) {
		score += 20
	}
	if from.Options.Size == to.Options.Size {
		score += 10
	}
	if distance := place(a, from) - place(b, to); distance == 0 {
		score += 10
	} else if distance == 1 || distance == -1 {
		score += 5
	}
	return score + 30*common(from.Name, to.Name)/max(len(from.Name)+len(to.Name), 1)
}

func place(m *operations.Model, f operations.Field) int {
	return slices.IndexFunc(m.Fields, func(o operations.Field) bool { return o.Name == f.Name })
}

// common returns twice the length of the longest common subsequence of two names.
func common(a, b string) int {
	row := make([]int, len(b)+1)
	for i := range len(a) {
		diagonal := 0
		for k := range len(b) {
			above := row[k+1]
			if a[i] == b[k] {
				row[k+1] = diagonal + 1
			} else {
				row[k+1] = max(above, row[k])
			}
			diagonal = above
		}
	}
	return 2 * row[len(b)]
}

// renamedTo lists the new fields of t that are most similar to the removed field f of m, and not more similar to another
// removed field.
func renamedTo(m *operations.Model, f operations.Field, t *operations.Model) []string {
	removed, added := missing(m, t), missing(t, m)
	best := 0
	for _, n := range added {
		best = max(best, likeness(m, f, t, n))
	}
	var names []string
	for _, n := range added {
		if best == 0 || likeness(m, f, t, n) < best {
			continue
		}
		if !slices.ContainsFunc(removed, func(g operations.Field) bool { return likeness(m, g, t, n) > best }) {
			names = append(names, n.Name)
		}
	}
	return names
}

// whole reports whether values of a kind are stored as whole numbers.
func whole(k schema.Kind) bool { return k.IsInteger() || k == schema.KindDuration }

// likenessOf rates how likely it is that a model was renamed, by the number of equal fields and the names.
func likenessOf(from, to *operations.Model) int {
	score := 0
	for _, f := range from.Fields {
		if other, ok := to.Field(f.Name); ok && other.Kind == f.Kind {
			score += 10
		}
	}
	return 30*score/max(len(from.Fields), len(to.Fields), 1) + 30*common(from.Name, to.Name)/(len(from.Name)+len(to.Name))
}

// nearestModels lists the models that are most similar to a removed one.
func nearestModels(from *operations.Model, fresh []*operations.Model) []*operations.Model {
	best := 0
	for _, n := range fresh {
		best = max(best, likenessOf(from, n))
	}
	var list []*operations.Model
	for _, n := range fresh {
		if likenessOf(from, n) == best {
			list = append(list, n)
		}
	}
	return list
}
