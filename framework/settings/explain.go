package settings

import (
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/caarlos0/env/v11"
)

// explain turns the parser's errors into messages that name the variable, its value and the accepted values. The
// value of a secret is left out.
func explain(err error, environment map[string]string, variables map[string]variable) []error {
	var out []error
	for _, err := range flatten(err) {
		if missing, ok := errors.AsType[env.VarIsNotSetError](err); ok {
			err = fmt.Errorf("%s is not set", missing.Key)
		} else if empty, ok := errors.AsType[env.EmptyVarError](err); ok {
			err = fmt.Errorf("%s is empty", empty.Key)
		} else if parse, ok := errors.AsType[env.ParseError](err); ok {
			for name, v := range variables {
				if v.field != parse.Name || v.typ != parse.Type {
					continue
				}
				shown := fmt.Sprintf("%q", environment[name])
				if v.secret {
					shown = "the value"
				}
				err = fmt.Errorf("%s: %s is not %s", name, shown, wanted(v.typ, parse.Err))
			}
		}
		out = append(out, err)
	}
	return out
}

// wanted describes the values that a type accepts.
func wanted(typ reflect.Type, cause error) string {
	if typ == reflect.TypeFor[time.Duration]() {
		return `a duration; write one such as 30s, 5m or 1h30m`
	}
	switch typ.Kind() {
	case reflect.Bool:
		return "a boolean; write true or false"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "a whole number"
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number of at least 0"
	case reflect.Float32, reflect.Float64:
		return "a number"
	default:
		return fmt.Sprintf("accepted: %v", cause)
	}
}

// flatten returns the errors that err joins, or err alone.
func flatten(err error) []error {
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var out []error
	for _, part := range joined.Unwrap() {
		out = append(out, flatten(part)...)
	}
	return out
}
