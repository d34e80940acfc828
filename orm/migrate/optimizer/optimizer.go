// Package optimizer shortens lists of operations without changing the resulting models.
//
// A model that is created and gets a field later can be created with the field; a field that is added and removed again need
// not be added. The command squashmigrations uses it.
package optimizer

import (
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/migrate/operations"
)

// Optimize returns a list of operations with the same resulting models of an app, usually a shorter one. SQL and Go code
// remain in place, and no operation moves past them.
func Optimize(app string, list []operations.Operation) []operations.Operation {
	list = slices.Clone(list)
	for {
		next, changed := pass(app, list)
		if !changed {
			return list
		}
		list = next
	}
}

// pass joins the first two operations that can be joined.
func pass(app string, list []operations.Operation) ([]operations.Operation, bool) {
	for i, a := range list {
		if barrier(a) {
			continue
		}
		for j := i + 1; j < len(list) && !barrier(list[j]); j++ {
			joined, ok := join(a, list[j])
			if !ok {
				continue
			}
			between := list[i+1 : j]
			switch {
			case free(app, list[j], between): // b can move up to a
				return slices.Concat(list[:i], joined, between, list[j+1:]), true
			case free(app, a, between): // a can move down to b
				return slices.Concat(list[:i], between, joined, list[j+1:]), true
			}
		}
	}
	return nil, false
}

// free reports whether op can move past the others: none of them changes the same model, and none creates, renames or
// deletes a model that the other one references.
func free(app string, op operations.Operation, others []operations.Operation) bool {
	a := effectOf(app, op)
	for _, other := range others {
		b := effectOf(app, other)
		if overlap(a.changes, b.changes) || overlap(a.moves, b.needs) || overlap(a.needs, b.moves) {
			return false
		}
	}
	return true
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// barrier reports whether no operation may move past this one.
func barrier(op operations.Operation) bool {
	switch op.(type) {
	case operations.CreateModel, operations.DeleteModel, operations.RenameModel, operations.AlterModelTable, operations.AlterModelOptions,
		operations.AddField, operations.RemoveField,
		operations.AlterField, operations.RenameField, operations.AddIndex, operations.RemoveIndex,
		operations.AddConstraint, operations.RemoveConstraint:
		return false
	}
	return true
}

// effect lists the models that an operation affects, by key.
type effect struct {
	changes []string // models that it changes
	moves   []string // those of changes that it creates, renames or deletes
	needs   []string // models that must exist
}

func effectOf(app string, op operations.Operation) effect {
	var e effect
	move := func(names ...string) {
		for _, n := range names {
			e.moves = append(e.moves, operations.Key(app, n))
		}
		e.changes = e.moves
	}
	field := func(f operations.Field) {
		for _, n := range []string{f.Options.To, f.Options.Through} {
			if n != "" {
				e.needs = append(e.needs, strings.ToLower(n))
			}
		}
		if f.Options.ToField != "" { // depends on more than the key
			e.changes = append(e.changes, strings.ToLower(f.Options.To))
		}
	}
	switch op := op.(type) {
	case operations.CreateModel:
		move(op.Name)
		for _, f := range op.Fields {
			field(f)
		}
	case operations.DeleteModel:
		move(op.Name)
	case operations.RenameModel:
		move(op.From, op.To)
	default:
		e.changes = []string{operations.Key(app, modelOf(op))}
		switch op := op.(type) {
		case operations.AddField:
			field(op.Field)
		case operations.AlterField:
			field(op.Field)
		}
	}
	return e
}

// modelOf returns the model that an operation on a part of a model names.
func modelOf(op operations.Operation) string {
	switch op := op.(type) {
	case operations.AddField:
		return op.Model
	case operations.RemoveField:
		return op.Model
	case operations.AlterField:
		return op.Model
	case operations.RenameField:
		return op.Model
	case operations.AddIndex:
		return op.Model
	case operations.RemoveIndex:
		return op.Model
	case operations.AddConstraint:
		return op.Model
	case operations.RemoveConstraint:
		return op.Model
	case operations.AlterModelTable:
		return op.Name
	case operations.AlterModelOptions:
		return op.Name
	case operations.DeleteModel:
		return op.Name
	}
	return ""
}
