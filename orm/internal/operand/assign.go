package operand

import (
	"context"
	"reflect"

	"github.com/quintetgo/quintet/orm/schema"
)

// Assigned returns a value as it is stored. The error of one that the field does not take is a [*schema.ValueError].
func (k *Target) Assigned(v any) (any, error) {
	f := k.Field
	v = k.keyIn(v)
	if f.Serialized() || k.Kind == schema.KindJSON {
		return k.document(v)
	}
	if k.Kind.IsText() && !isText(v) {
		return nil, k.Problem("text is expected, not %s", Describe(v))
	}
	converted, err := f.Convert(v)
	if err != nil {
		return nil, err
	}
	if err := f.Check(converted); err != nil {
		return nil, err
	}
	stored, err := f.Stored(converted)
	if err == nil && k.Dialect != nil {
		err = f.FitsDatabase(stored, k.Dialect)
	}
	return stored, err
}

// document returns a value of a JSON field, or of one with a serializer, as it is stored: in the form that the serializer
// writes. A value that could not be read into the field's Go type is an error.
func (k *Target) document(v any) (any, error) {
	f := k.Field
	if f.Serialized() && f.Model != nil && f.Model.Type != nil {
		converted, err := f.Convert(v)
		if err != nil {
			return nil, err
		}
		obj := reflect.New(f.Model.Type).Interface()
		if err := f.Set(obj, converted); err != nil {
			return nil, err
		}
		return f.DBValue(context.Background(), obj) // serializers do not wait for anything
	}
	text, err := k.JSON(v)
	if err != nil {
		return nil, err
	}
	stored, err := f.Encode(text)
	if err != nil {
		return nil, err
	}
	if _, err := f.Decode(stored); err != nil {
		return nil, k.Problem("%s could not be read as a %s", Describe(v), f.Type)
	}
	return stored, nil
}
