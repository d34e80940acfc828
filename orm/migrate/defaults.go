package migrate

import (
	"fmt"
	"reflect"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate/state"
)

// suggest gives the backfill that the code of a model suggests for rows that exist: the field's Default; the moment of
// the migration for times that are set by writing; else Go's zero value, which is what such a row would have had. There
// is none for references, for keys, for other times, and where the zero value is none of the choices.
func (p project) suggest(m *state.Model, f state.Field) any {
	model, err := p.db.Model(m.String())
	if err != nil {
		return nil
	}
	field, err := model.Field(f.Name)
	if err != nil || f.Kind.IsRelation() {
		return nil
	}
	if field.AutoNow || field.AutoNowAdd {
		return state.Now
	}
	var value any
	if field.Default != nil {
		value = plain(field, f.Kind)
	} else {
		value = zeroValue(f.Kind)
	}
	if value == nil || !field.HasChoices() {
		return value
	}
	for _, c := range field.Choices {
		if fmt.Sprint(value) == fmt.Sprint(c.Value) {
			return value
		}
	}
	return nil
}

// plain turns a default into what a migration can write down, nil if it cannot.
func plain(field *orm.Field, kind state.Kind) any {
	switch kind {
	case state.KindDate, state.KindTime, state.KindDateTime:
		return state.Now
	case state.KindUUID, state.KindJSON, state.KindBinary:
		return nil
	}
	v := reflect.ValueOf(field.Default())
	for v.IsValid() && v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if !v.IsValid() {
		return nil
	}
	switch {
	case v.Kind() == reflect.String:
		return v.String()
	case v.Kind() == reflect.Bool:
		return v.Bool()
	case v.CanInt():
		return v.Int()
	case v.CanUint():
		return v.Uint()
	case v.CanFloat():
		return v.Float()
	case kind == state.KindDecimal:
		return fmt.Sprint(v.Interface())
	}
	return nil
}

func zeroValue(kind state.Kind) any {
	switch {
	case kind == state.KindBool:
		return false
	case kind.IsText():
		return ""
	case kind.IsInteger(), kind == state.KindFloat, kind == state.KindDecimal:
		return 0
	case kind == state.KindJSON:
		return state.SQL("'null'")
	case kind == state.KindBinary:
		return []byte{}
	}
	return nil
}
