package optimizer

import (
	"strings"

	"github.com/quintetgo/quintet/orm/migrate/operations"
)

// join returns fewer or simpler operations with the combined effect of a and then b, and whether there are any.
func join(a, b operations.Operation) ([]operations.Operation, bool) {
	switch a := a.(type) {
	case operations.CreateModel:
		return joinCreate(a, b)
	case operations.RenameModel:
		if b, ok := b.(operations.RenameModel); ok && strings.EqualFold(a.To, b.From) {
			return []operations.Operation{operations.RenameModel{From: a.From, To: b.To}}, true
		}
	case operations.AlterModelTable:
		if strings.EqualFold(a.Name, modelOf(b)) {
			switch b.(type) {
			case operations.AlterModelTable, operations.DeleteModel:
				return []operations.Operation{b}, true
			}
		}
	case operations.AlterModelOptions:
		if b, ok := b.(operations.AlterModelOptions); ok && strings.EqualFold(a.Name, b.Name) {
			return []operations.Operation{b}, true
		}
	case operations.AddField:
		return joinAdd(a, b)
	case operations.AlterField:
		return joinAlter(a, b)
	case operations.RenameField:
		return joinRename(a, b)
	case operations.AddIndex:
		if b, ok := b.(operations.RemoveIndex); ok && strings.EqualFold(a.Model, b.Model) && a.Index.Name == b.Name {
			return nil, true
		}
	case operations.AddConstraint:
		if b, ok := b.(operations.RemoveConstraint); ok && strings.EqualFold(a.Model, b.Model) && a.Constraint.ConstraintName() == b.Name {
			return nil, true
		}
	}
	return nil, false
}

// joinCreate returns a CreateModel of the model as it is after b.
func joinCreate(a operations.CreateModel, b operations.Operation) ([]operations.Operation, bool) {
	if r, ok := b.(operations.RenameModel); ok {
		if !strings.EqualFold(a.Name, r.From) || a.Table != "" {
			return nil, false
		}
		for _, f := range a.Fields {
			if f.Options.To != "" { // may reference itself
				return nil, false
			}
		}
		a.Name = r.To
		return []operations.Operation{a}, true
	}
	if !strings.EqualFold(a.Name, modelOf(b)) {
		return nil, false
	}
	if _, ok := b.(operations.DeleteModel); ok {
		return nil, true
	}
	// b is applied to a separate state to learn what the model becomes. Any model serves as a target of its relations.
	s := operations.NewState(nil)
	const app = "app"
	addTarget := func(f operations.Field) {
		for _, name := range []string{f.Options.To, f.Options.Through} {
			owner, model, ok := strings.Cut(name, ".")
			if ok && s.Find(name) == nil {
				fields := []operations.Field{operations.BigAuto("id")}
				if f.Options.ToField != "" {
					fields = append(fields, operations.Int(f.Options.ToField))
				}
				s.Put(&operations.Model{App: owner, Name: model, Table: "target of " + name, Fields: fields})
			}
		}
	}
	for _, f := range a.Fields {
		addTarget(f)
	}
	switch b := b.(type) {
	case operations.AddField:
		addTarget(b.Field)
	case operations.AlterField:
		addTarget(b.Field)
	}
	if a.Apply(app, s) != nil || b.Apply(app, s) != nil {
		return nil, false
	}
	m := s.Find(app + "." + a.Name)
	created := operations.CreateModel{
		Name: a.Name, Table: a.Table, Fields: m.Fields, Indexes: m.Indexes, Unique: m.Unique,
		Checks: m.Checks, Unmanaged: m.Unmanaged,
	}
	if t, ok := b.(operations.AlterModelTable); ok {
		created.Table = t.Table
	}
	return []operations.Operation{created}, true
}

func joinAdd(a operations.AddField, b operations.Operation) ([]operations.Operation, bool) {
	if !strings.EqualFold(a.Model, modelOf(b)) {
		return nil, false
	}
	switch b := b.(type) {
	case operations.AlterField:
		if b.Field.Name != a.Field.Name || b.Field.Options.Using != "" {
			return nil, false
		}
		f := b.Field
		if f.Options.Fill == nil {
			f.Options.Fill = a.Field.Options.Fill
		}
		return []operations.Operation{operations.AddField{Model: a.Model, Field: f}}, true
	case operations.RemoveField:
		if b.Name == a.Field.Name {
			return nil, true
		}
	case operations.RenameField:
		if b.From == a.Field.Name {
			f := a.Field
			f.Name = b.To
			return []operations.Operation{operations.AddField{Model: a.Model, Field: f}}, true
		}
	}
	return nil, false
}

func joinAlter(a operations.AlterField, b operations.Operation) ([]operations.Operation, bool) {
	if !strings.EqualFold(a.Model, modelOf(b)) || a.Field.Options.Using != "" || a.Field.Options.Fill != nil {
		return nil, false
	}
	switch b := b.(type) {
	case operations.AlterField:
		if b.Field.Name == a.Field.Name {
			return []operations.Operation{b}, true
		}
	case operations.RemoveField:
		if b.Name == a.Field.Name {
			return []operations.Operation{b}, true
		}
	}
	return nil, false
}

func joinRename(a operations.RenameField, b operations.Operation) ([]operations.Operation, bool) {
	if !strings.EqualFold(a.Model, modelOf(b)) {
		return nil, false
	}
	switch b := b.(type) {
	case operations.RenameField:
		if b.From == a.To {
			if b.To == a.From {
				return nil, true
			}
			return []operations.Operation{operations.RenameField{Model: a.Model, From: a.From, To: b.To}}, true
		}
	case operations.RemoveField:
		if b.Name == a.To {
			return []operations.Operation{operations.RemoveField{Model: a.Model, Name: a.From, Backfill: b.Backfill}}, true
		}
	}
	return nil, false
}
