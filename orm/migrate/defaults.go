package migrate

import (
	"fmt"
	"reflect"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/schema"
)

// suggest returns the backfill that a model itself declares for rows that exist: the field's Default, the time of the
// migration for times that are set by writing, and, for fields that may be blank, the empty value. There is none for a
// field that is required: somebody has to say what such rows get.
func (p project) suggest(m *operations.Model, f operations.Field) any {
	field := p.field(m, f)
	if field == nil || f.Kind.IsRelation() {
		return nil
	}
	if field.AutoNow || field.AutoNowAdd {
		return operations.Now
	}
	if field.Default != nil {
		if value := plain(field, f.Kind); value != nil && p.valid(m, f, value) == nil {
			return value
		}
	}
	if field.MayBeBlank() {
		return zeroValue(f.Kind)
	}
	return nil
}

// field returns the field of the code that f is, or nil.
func (p project) field(m *operations.Model, f operations.Field) *orm.Field {
	model, err := p.db.Model(m.String())
	if err != nil {
		return nil
	}
	return model.Lookup(f.Name)
}

// valid reports a backfill that the model would refuse in a form.
func (p project) valid(m *operations.Model, f operations.Field, value any) error {
	field := p.field(m, f)
	switch value.(type) {
	case operations.SQL, operations.Special:
		return nil
	}
	if field == nil || f.Kind.IsRelation() {
		return nil
	}
	if text, ok := value.(string); ok && text == "" && f.Kind.IsText() {
		return nil // given on purpose
	}
	converted, err := field.Convert(value)
	if err != nil {
		return err
	}
	return field.Validate(schema.Indirect(converted))
}

// plain turns a default into what a migration can write down, nil if it cannot.
func plain(field *orm.Field, kind operations.Kind) any {
	switch kind {
	case operations.KindDate, operations.KindTime, operations.KindDateTime:
		return plainTime(field, kind)
	case operations.KindUUID, operations.KindJSON, operations.KindBinary:
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
	case kind == operations.KindDecimal:
		return fmt.Sprint(v.Interface())
	}
	return nil
}

// plainTime is the time of the migration if a default is about now, else the default's time as text.
func plainTime(field *orm.Field, kind operations.Kind) any {
	t, ok := schema.Indirect(field.Default()).(time.Time)
	switch {
	case !ok || t.IsZero():
		return nil
	case time.Since(t).Abs() < time.Minute:
		return operations.Now
	case kind == operations.KindDate:
		return t.Format(time.DateOnly)
	case kind == operations.KindTime:
		return t.Format(time.TimeOnly)
	}
	return t.UTC().Format(time.RFC3339)
}

func zeroValue(kind operations.Kind) any {
	switch {
	case kind == operations.KindBool:
		return false
	case kind.IsText():
		return ""
	case kind.IsInteger(), kind == operations.KindFloat, kind == operations.KindDecimal:
		return 0
	case kind == operations.KindJSON:
		return operations.SQL("'null'")
	case kind == operations.KindBinary:
		return []byte{}
	}
	return nil
}
