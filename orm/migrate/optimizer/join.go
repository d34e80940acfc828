package optimizer

import (
	"strings"

	"github.com/quintetgo/quintet/orm/migrate/state"
)

// join gives the operations that do what a and then b does, if that is simpler.
func join(a, b state.Operation) ([]state.Operation, bool) {
	switch a := a.(type) {
	case state.CreateModel:
		return joinCreate(a, b)
	case state.RenameModel:
		if b, ok := b.(state.RenameModel); ok && strings.EqualFold(a.To, b.From) {
			return []state.Operation{state.RenameModel{From: a.From, To: b.To}}, true
		}
	case state.AlterModelTable:
		if strings.EqualFold(a.Name, modelOf(b)) {
			switch b.(type) {
			case state.AlterModelTable, state.DeleteModel:
				return []state.Operation{b}, true
			}
		}
	case state.AddField:
		return joinAdd(a, b)
	case state.AlterField:
		return joinAlter(a, b)
	case state.RenameField:
		return joinRename(a, b)
	case state.AddIndex:
		if b, ok := b.(state.RemoveIndex); ok && strings.EqualFold(a.Model, b.Model) && a.Index.Name == b.Name {
			return nil, true
		}
	case state.AddConstraint:
		if b, ok := b.(state.RemoveConstraint); ok && strings.EqualFold(a.Model, b.Model) && a.Constraint.ConstraintName() == b.Name {
			return nil, true
		}
	}
	return nil, false
}

// joinCreate lets a model be created as it is after b.
func joinCreate(a state.CreateModel, b state.Operation) ([]state.Operation, bool) {
	if r, ok := b.(state.RenameModel); ok {
		if !strings.EqualFold(a.Name, r.From) || a.Table != "" {
			return nil, false
		}
		for _, f := range a.Fields {
			if f.Options.To != "" { // may point at itself
				return nil, false
			}
		}
		a.Name = r.To
		return []state.Operation{a}, true
	}
	if !strings.EqualFold(a.Name, modelOf(b)) {
		return nil, false
	}
	if _, ok := b.(state.DeleteModel); ok {
		return nil, true
	}
	// Applied to a state of its own, b says what the model becomes. Its targets are made up, as they do not matter.
	s := state.New(nil)
	const app = "app"
	stand := func(f state.Field) {
		for _, name := range []string{f.Options.To, f.Options.Through} {
			owner, model, ok := strings.Cut(name, ".")
			if ok && s.Find(name) == nil {
				fields := []state.Field{state.BigAuto("id")}
				if f.Options.ToField != "" {
					fields = append(fields, state.Int(f.Options.ToField))
				}
				s.Put(&state.Model{App: owner, Name: model, Table: "stand in for " + name, Fields: fields})
			}
		}
	}
	for _, f := range a.Fields {
		stand(f)
	}
	switch b := b.(type) {
	case state.AddField:
		stand(b.Field)
	case state.AlterField:
		stand(b.Field)
	}
	if a.Apply(app, s) != nil || b.Apply(app, s) != nil {
		return nil, false
	}
	m := s.Find(app + "." + a.Name)
	created := state.CreateModel{Name: a.Name, Table: a.Table, Fields: m.Fields, Indexes: m.Indexes, Unique: m.Unique, Checks: m.Checks}
	if t, ok := b.(state.AlterModelTable); ok {
		created.Table = t.Table
	}
	return []state.Operation{created}, true
}

func joinAdd(a state.AddField, b state.Operation) ([]state.Operation, bool) {
	if !strings.EqualFold(a.Model, modelOf(b)) {
		return nil, false
	}
	switch b := b.(type) {
	case state.AlterField:
		if b.Field.Name != a.Field.Name || b.Field.Options.Using != "" {
			return nil, false
		}
		f := b.Field
		if f.Options.Fill == nil {
			f.Options.Fill = a.Field.Options.Fill
		}
		return []state.Operation{state.AddField{Model: a.Model, Field: f}}, true
	case state.RemoveField:
		if b.Name == a.Field.Name {
			return nil, true
		}
	case state.RenameField:
		if b.From == a.Field.Name {
			f := a.Field
			f.Name = b.To
			return []state.Operation{state.AddField{Model: a.Model, Field: f}}, true
		}
	}
	return nil, false
}

func joinAlter(a state.AlterField, b state.Operation) ([]state.Operation, bool) {
	if !strings.EqualFold(a.Model, modelOf(b)) || a.Field.Options.Using != "" || a.Field.Options.Fill != nil {
		return nil, false
	}
	switch b := b.(type) {
	case state.AlterField:
		if b.Field.Name == a.Field.Name {
			return []state.Operation{b}, true
		}
	case state.RemoveField:
		if b.Name == a.Field.Name {
			return []state.Operation{b}, true
		}
	}
	return nil, false
}

func joinRename(a state.RenameField, b state.Operation) ([]state.Operation, bool) {
	if !strings.EqualFold(a.Model, modelOf(b)) {
		return nil, false
	}
	switch b := b.(type) {
	case state.RenameField:
		if b.From == a.To {
			if b.To == a.From {
				return nil, true
			}
			return []state.Operation{state.RenameField{Model: a.Model, From: a.From, To: b.To}}, true
		}
	case state.RemoveField:
		if b.Name == a.To {
			return []state.Operation{state.RemoveField{Model: a.Model, Name: a.From, Backfill: b.Backfill}}, true
		}
	}
	return nil, false
}
