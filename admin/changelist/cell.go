package changelist

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/orm/schema"
)

// relatedCell names the object that a foreign key points at: by its name if it is loaded, else by its key.
func relatedCell(p display.Printer, path *schema.Path, obj any) display.Cell {
	owner := follow(obj, path.Steps)
	if owner == nil {
		return display.Cell{Kind: display.None}
	}
	relation := path.Field.Relation
	if relation.GoName != "" {
		if related := member(owner, relation.GoName); related != nil {
			return p.Value(nil, p.Object(relation.To, related))
		}
	}
	key := path.Field.Value(owner)
	if p.Value(nil, key).Kind == display.None || reflect.ValueOf(key).IsZero() {
		return display.Cell{Kind: display.None}
	}
	return display.Cell{Kind: display.Text, Text: relation.To.KeyName(key)}
}

// namedObjects is the number of objects of a relation to many that a cell names.
const namedObjects = 100

// manyCell names the objects of a relation to many.
func manyCell(p display.Printer, path *schema.Path, obj any) display.Cell {
	last := path.Steps[len(path.Steps)-1]
	owner := follow(obj, path.Steps[:len(path.Steps)-1])
	if owner == nil {
		return display.Cell{Kind: display.None}
	}
	objects := reflect.Indirect(reflect.ValueOf(owner)).FieldByName(structField(last))
	if !objects.IsValid() || objects.Kind() != reflect.Slice || objects.Len() == 0 {
		return display.Cell{Kind: display.None}
	}
	labels := make([]string, 0, min(objects.Len(), namedObjects))
	for i := range min(objects.Len(), namedObjects) {
		one := objects.Index(i)
		if one.Kind() != reflect.Pointer && one.CanAddr() {
			one = one.Addr()
		}
		labels = append(labels, p.Object(last.To(), one.Interface()))
	}
	if more := objects.Len() - len(labels); more > 0 {
		labels = append(labels, "and "+display.Group(strconv.Itoa(more))+" more")
	}
	return p.Value(nil, strings.Join(labels, ", "))
}

// follow returns the object at the end of relations to one from obj; nil if one of them is empty.
func follow(obj any, steps []schema.Step) any {
	for _, step := range steps {
		if obj = member(obj, structField(step)); obj == nil {
			return nil
		}
	}
	return obj
}

// structField returns the name of the struct field that holds the objects of a step, "" if there is none.
func structField(step schema.Step) string {
	if step.Reverse {
		return step.Relation.ReverseGoName
	}
	return step.Relation.GoName
}

// member returns a pointer to the struct in a field, nil if it holds none.
func member(obj any, name string) any {
	value := reflect.Indirect(reflect.ValueOf(obj))
	if value.Kind() != reflect.Struct {
		return nil
	}
	value = value.FieldByName(name)
	switch {
	case !value.IsValid():
		return nil
	case value.Kind() == reflect.Pointer:
		if value.IsNil() {
			return nil
		}
		return value.Interface()
	case value.Kind() == reflect.Struct && value.CanAddr():
		return value.Addr().Interface()
	}
	return nil
}
