package orm

import (
	"context"
	"errors"
	"fmt"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/fault"
)

// Choices returns a query for the objects that a foreign key or many-to-many field may refer to: those of its target that
// LimitChoicesTo permits in ctx, or all of them.
func (db *DB) Choices(ctx context.Context, field *Field) dynamic.Query {
	return dynamic.Choices(ctx, db, field)
}

// validateChoices adds to err, the result of other checks, a message for each foreign key of obj that refers to an object which
// LimitChoicesTo excludes. The stored row may keep what it refers to.
func (db *DB) validateChoices(ctx context.Context, obj any, err error) error {
	invalid, ok := errors.AsType[*ValidationError](err)
	if err != nil && !ok {
		return err
	}
	m, failure := db.ModelOf(obj)
	if failure != nil {
		return failure
	}
	for _, f := range m.Fields {
		if f.Relation == nil || f.Relation.LimitChoices == nil || f.Relation.To == nil || f.IsBlank(f.Value(obj)) {
			continue
		}
		key := f.Value(obj)
		allowed, failure := db.Choices(ctx, f).Where(f.Relation.ToField.Name, key).Exists(ctx)
		if failure == nil && !allowed && m.PK != nil && !m.PK.IsZero(obj) {
			row := dynamic.From(db, m).Where(f.Name, key)
			for _, part := range m.PrimaryKeys {
				row = row.Where(part.Name, part.Value(obj))
			}
			allowed, failure = row.Exists(ctx)
		}
		if failure != nil {
			return failure
		}
		if allowed {
			continue
		}
		if invalid == nil {
			invalid = &fault.ValidationError{Model: m}
		}
		invalid.Add(f.Name, f.Message(message.New("invalid_choice", "This {model} cannot be chosen.",
			message.Args{"model": f.Relation.To.Label})))
	}
	if invalid == nil {
		return nil
	}
	return invalid
}

// checkConditions returns problems of conditions in the descriptions of models that do not fit the model that they are about.
// What a dynamic.ConditionFunc computes is checked when it is used.
func (db *DB) checkConditions() (problems []check.Problem) {
	for _, m := range db.Models() {
		for _, f := range append(append([]*Field{}, m.Fields...), m.ManyToMany...) {
			if f.Relation == nil || f.Relation.To == nil {
				continue
			}
			limit, fixed := f.Relation.LimitChoices.(Condition)
			if !fixed || f.Relation.To.Tenant != nil { // a query on a model with tenants needs the context of one
				continue
			}
			if _, _, err := dynamic.From(db, f.Relation.To).Unscoped().Filter(limit).SQL(); err != nil {
				problems = append(problems, check.Problem{
					ID: "orm.E032", Level: check.Error, Place: f.String(), Message: fmt.Sprintf("LimitChoicesTo: %v", err),
					Hint: "The condition is about rows of " + f.Relation.To.String() + ".",
				})
			}
		}
	}
	return problems
}
