package migrate

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/schema"
)

// suggest returns the backfill that a model declares for existing rows: the field's Default, the time of the migration for
// AutoNow and AutoNowAdd, or the empty value for a field that may be blank. It returns nil for a required field without a
// default, whose backfill only the developer knows.
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

// field returns the field of the registered model that f describes, or nil.
func (p project) field(m *operations.Model, f operations.Field) *orm.Field {
	model, err := p.db.Model(m.String())
	if err != nil {
		return nil
	}
	return model.Lookup(f.Name)
}

// valid returns an error for a backfill that validation of the model would refuse.
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
		return nil // an explicit empty text
	}
	converted, err := field.Convert(value)
	if err != nil {
		return err
	}
	return field.Validate(context.Background(), schema.Indirect(converted))
}

// plain turns a default into what a migration can write down, nil if it cannot.
func plain(field *orm.Field, kind schema.Kind) any {
	switch kind {
	case schema.KindDate, schema.KindTime, schema.KindDateTime:
		return plainTime(field, kind)
	case schema.KindUUID, schema.KindJSON, schema.KindBinary:
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
	case kind == schema.KindDecimal:
		return fmt.Sprint(v.Interface())
	}
	return nil
}

// plainTime is the time of the migration if a default is about now, else the default's time as text.
func plainTime(field *orm.Field, kind schema.Kind) any {
	t, ok := schema.Indirect(field.Default()).(time.Time)
	switch {
	case !ok || t.IsZero():
		return nil
	case time.Since(t).Abs() < time.Minute:
		return operations.Now
	case kind == schema.KindDate:
		return t.Format(time.DateOnly)
	case kind == schema.KindTime:
		return t.Format(time.TimeOnly)
	}
	return t.UTC().Format(time.RFC3339)
}

func zeroValue(kind schema.Kind) any {
	switch {
	case kind == schema.KindBool:
		return false
	case kind.IsText():
		return ""
	case kind.IsInteger(), kind == schema.KindDuration, kind == schema.KindFloat, kind == schema.KindDecimal:
		return 0
	case kind == schema.KindJSON:
		return operations.SQL("'null'")
	case kind == schema.KindBinary:
		return []byte{}
	}
	return nil
}
