package schema

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"

	"github.com/quintetgo/quintet/orm/internal/datetime"
	"github.com/quintetgo/quintet/orm/internal/decimal"
)

// Scan stores a value that came from the database in obj. It takes every driver's forms: text for times, numbers for
// decimals, whole numbers for booleans, NULL for the zero value. A text that is no time or no number is an error that
// names the table, the column and the value.
func (f *Field) Scan(ctx context.Context, obj any, src any) error {
	if src == nil && !f.Serialized() {
		if target := f.reflectValue(obj, false); target.IsValid() && target.CanSet() {
			target.SetZero()
		}
		return nil // of an embedded struct whose pointer is nil, nothing is stored
	}
	target := f.reflectValue(obj, true)
	if !target.IsValid() || !target.CanSet() {
		return fmt.Errorf("orm: %s cannot be set in a %T", f, obj)
	}
	src, err := f.fromDB(src)
	if err != nil {
		return err
	}
	if f.Serialized() {
		if err := f.access.gorm.Serializer.Scan(ctx, f.access.gorm, reflect.ValueOf(obj).Elem(), src); err != nil {
			return f.unreadable(src, err)
		}
		return nil
	}
	return f.decode(target, src)
}

// Decode converts a value that came from the database, as Scan does. The result is nil for NULL and has the field's Go
// type otherwise, or the usual one of its kind where it has none.
func (f *Field) Decode(src any) (any, error) {
	if src != nil && f.Serialized() && f.Kind != KindJSON && f.Model != nil && f.Model.Type != nil { // its serializer needs an object
		obj := reflect.New(f.Model.Type).Interface()
		if err := f.Scan(context.Background(), obj, src); err != nil {
			return nil, err
		}
		return f.Value(obj), nil
	}
	src, err := f.fromDB(src)
	if err != nil || src == nil {
		return nil, err
	}
	if f.Type == nil {
		return f.convertByKind(src)
	}
	target := reflect.New(f.Type).Elem()
	if err := f.decode(target, src); err != nil {
		return nil, err
	}
	return target.Interface(), nil
}

func (f *Field) decode(target reflect.Value, src any) error {
	if scanner, ok := target.Addr().Interface().(sql.Scanner); ok {
		if err := scanner.Scan(src); err != nil {
			return f.unreadable(src, err)
		}
		return nil
	}
	if err := f.assign(target, src); err != nil {
		return f.unreadable(src, err)
	}
	return nil
}

// fromDB returns a driver's value in the form that the kind has in Go: a time.Time for times, text for decimals.
func (f *Field) fromDB(src any) (any, error) {
	if b, ok := src.([]byte); ok { // the driver owns the bytes
		if kind := f.ColumnKind(); kind != KindBinary && kind != KindJSON && kind != KindUnknown {
			src = string(b)
		} else {
			src = append([]byte(nil), b...)
		}
	}
	switch f.ColumnKind() {
	case KindDate, KindDateTime:
		return f.timeFromDB(src)
	case KindDecimal:
		return f.decimalFromDB(src)
	}
	if t, ok := src.(time.Time); ok {
		return t.UTC(), nil
	}
	return src, nil
}

func (f *Field) timeFromDB(src any) (any, error) {
	var t time.Time
	ok := true
	switch x := src.(type) {
	case time.Time:
		return x.UTC(), nil
	case string:
		t, ok = datetime.Parse(x)
	case int64: // seconds since 1970, or what is too many for them: milliseconds
		switch {
		case f.ColumnKind() == KindDate && f.Model == nil:
			ok = false
		case x > 1e12 || x < -1e12:
			t = time.UnixMilli(x).UTC()
		default:
			t = time.Unix(x, 0).UTC()
		}
	case nil:
		return nil, nil
	default:
		ok = false
	}
	if !ok || !datetime.Fits(t) { // a time of day alone would be one in the year 0, which cannot be written again
		return nil, f.unreadable(src, nil)
	}
	return t, nil
}

// decimalFromDB writes a number with the decimal places that the field declares. Fields of Go floats and whole numbers
// get the number as it is.
func (f *Field) decimalFromDB(src any) (any, error) {
	if t := f.Type; t != nil {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if inner := Nullable(t); inner != nil {
			t = inner
		}
		if k := t.Kind(); k >= reflect.Int && k <= reflect.Float64 {
			if text, ok := src.(string); ok {
				return f.numberFromText(text)
			}
			return src, nil
		}
	}
	if src == nil {
		return nil, nil
	}
	n, ok := decimalOf(src)
	if !ok {
		return nil, f.unreadable(src, nil)
	}
	scale := 0
	if f.Precision > 0 {
		scale = f.Scale
	}
	if _, isFloat := src.(float64); !isFloat {
		return n.Text(scale), nil
	}
	rounded := n.RoundSignificant(decimal.MaxExact)
	if f.Model == nil || f.Column == "" { // computed, with the noise of binary arithmetic
		if f.Precision > 0 && n.Whole()+scale > decimal.MaxExact {
			return nil, fmt.Errorf("orm: the result %s has more than %d digits, which SQLite cannot compute exactly", n, decimal.MaxExact)
		}
		return rounded.Text(scale), nil
	}
	if rounded.Scale() <= scale && n.Scale() > scale || rounded.Significant() < decimal.MaxExact-1 && n.Significant() > decimal.MaxExact {
		n = rounded // stored by arithmetic in SQL, not by this package
	}
	return n.Text(scale), nil
}

func (f *Field) numberFromText(text string) (any, error) {
	n, ok := decimal.ParseScientific(text)
	if !ok {
		return nil, f.unreadable(text, nil)
	}
	if whole, ok := n.Int64(); ok {
		return whole, nil
	}
	return n.Float64(), nil
}

// unreadable reports a stored value that the field cannot hold. It is no [*ValueError]: the client is not to blame.
func (f *Field) unreadable(src any, cause error) error {
	shown := shortened(src)
	if f.Model == nil || f.Column == "" {
		if cause != nil && Refused(cause) == nil {
			return fmt.Errorf("orm: the database gave %s, which is not %s: %w", shown, f.wanted(), cause)
		}
		return fmt.Errorf("orm: the database gave %s, which is not %s", shown, f.wanted())
	}
	text := fmt.Sprintf("orm: %s: the column %q of the table %q holds %s, which is not %s", f, f.Column, f.Model.Table, shown, f.wanted())
	if cause != nil && Refused(cause) == nil {
		return fmt.Errorf("%s: %w", text, cause)
	}
	return fmt.Errorf("%s", text)
}

// shortened shows a value in an error's text: texts in quotes, and not too long.
func shortened(v any) string {
	shown := fmt.Sprintf("%v", v)
	switch x := v.(type) {
	case string:
		shown = x
	case []byte:
		shown = string(x)
	case float64:
		if !math.IsNaN(x) && !math.IsInf(x, 0) {
			return shown
		}
	}
	if r := []rune(shown); len(r) > 60 {
		shown = string(r[:60]) + "…"
	}
	switch v.(type) {
	case string, []byte:
		return fmt.Sprintf("%q", strings.ToValidUTF8(shown, "\uFFFD"))
	}
	return shown
}
