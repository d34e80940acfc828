package schema

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"math"
	"reflect"
	"time"
)

// DBValue gives what is written to the database for the field's value in obj. Moments are in UTC and cut to
// microseconds, so that equal times compare equal on every database.
func (f *Field) DBValue(ctx context.Context, obj any) (any, error) {
	if f.Serialized() {
		gf := f.access.gorm
		rv := reflect.ValueOf(obj)
		for rv.Kind() == reflect.Pointer {
			rv = rv.Elem()
		}
		if f.Null && f.IsZero(obj) {
			return nil, nil
		}
		v, err := gf.Serializer.Value(ctx, gf, rv, f.Value(obj))
		if err != nil {
			return nil, fmt.Errorf("orm: %s: %w", f, err)
		}
		if v == nil && f.Kind == KindJSON {
			return "null", nil // JSON's own, as the column takes no NULL
		}
		return v, nil
	}
	v := f.Value(obj)
	if v == nil && !f.Null && f.Type != nil { // inside an embedded struct whose pointer is nil
		v = reflect.Zero(f.Type).Interface()
	}
	return f.Encode(v)
}

// Encode gives what is written to the database, or compared with a column, for a value of the field's Go type.
func (f *Field) Encode(v any) (any, error) {
	switch x := v.(type) {
	case nil:
		return nil, nil
	case int64, string, bool, float64:
		return x, nil
	case int:
		return int64(x), nil
	case time.Time:
		return f.timeToDB(x), nil
	case *time.Time:
		if x == nil {
			return nil, nil
		}
		return f.timeToDB(*x), nil
	case []byte:
		if x == nil && !f.Null {
			return []byte{}, nil
		}
		return x, nil
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() == reflect.Pointer && rv.IsNil() {
		return nil, nil
	}
	if valuer, ok := v.(driver.Valuer); ok {
		plain, err := valuer.Value()
		if err != nil {
			return nil, fmt.Errorf("orm: %s: %w", f, err)
		}
		if t, ok := plain.(time.Time); ok {
			return f.timeToDB(t), nil
		}
		return plain, nil
	}
	if rv.Kind() == reflect.Pointer {
		return f.Encode(rv.Elem().Interface())
	}
	switch {
	case rv.CanInt():
		return rv.Int(), nil
	case rv.CanUint():
		if rv.Uint() > math.MaxInt64 {
			return nil, fmt.Errorf("orm: %s: %d is larger than the database's largest whole number", f, rv.Uint())
		}
		return int64(rv.Uint()), nil
	case rv.CanFloat():
		return rv.Float(), nil
	case rv.Kind() == reflect.String:
		return rv.String(), nil
	case rv.Kind() == reflect.Bool:
		return rv.Bool(), nil
	case rv.Type().ConvertibleTo(timeType):
		return f.timeToDB(rv.Convert(timeType).Interface().(time.Time)), nil
	case rv.Kind() == reflect.Slice && rv.Type().Elem().Kind() == reflect.Uint8:
		switch b := rv.Bytes(); {
		case f.ColumnKind() == KindJSON && b == nil && !f.Null:
			return "null", nil
		case f.ColumnKind() == KindJSON && b != nil:
			return string(b), nil
		case b == nil && !f.Null:
			return []byte{}, nil
		default:
			return b, nil
		}
	}
	return nil, fmt.Errorf("orm: %s: values of type %T cannot be stored", f, v)
}

func (f *Field) timeToDB(t time.Time) any {
	switch f.ColumnKind() {
	case KindDate:
		return t.Format("2006-01-02")
	case KindTime:
		return t.Format("15:04:05.999999")
	}
	return t.UTC().Truncate(time.Microsecond)
}

// Scan stores a value that came from the database in obj. It takes every driver's forms: text for times and decimals,
// whole numbers for booleans, NULL for the zero value.
func (f *Field) Scan(ctx context.Context, obj any, src any) error {
	target := f.reflectValue(obj, true)
	if !target.IsValid() || !target.CanSet() {
		return fmt.Errorf("orm: %s cannot be set in a %T", f, obj)
	}
	if b, ok := src.([]byte); ok { // the driver owns the bytes
		src = append([]byte(nil), b...)
	}
	if f.Serialized() {
		if err := f.access.gorm.Serializer.Scan(ctx, f.access.gorm, reflect.ValueOf(obj).Elem(), src); err != nil {
			return fmt.Errorf("orm: %s: %w", f, err)
		}
		return nil
	}
	if src == nil {
		target.SetZero()
		return nil
	}
	if scanner, ok := target.Addr().Interface().(sql.Scanner); ok {
		if err := scanner.Scan(src); err != nil {
			return fmt.Errorf("orm: %s: %w", f, err)
		}
		return nil
	}
	if t, ok := src.(time.Time); ok {
		src = t.UTC()
	}
	if b, ok := src.([]byte); ok && f.ColumnKind() != KindBinary && f.ColumnKind() != KindJSON {
		src = string(b)
	}
	if err := f.assign(target, src); err != nil {
		return fmt.Errorf("orm: %s: %w", f, err)
	}
	return nil
}
