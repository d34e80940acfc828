package changelist

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/quintetgo/quintet/orm/schema"
)

// condition is one comparison of an address.
type condition struct {
	key      string   // the parameter, "status" or "created_at__gte"
	values   []string // as sent
	path     *schema.Path
	filter   *Filter // nil for fields without a filter
	location *time.Location
}

// lookup returns the condition as path and value of a query.
func (c condition) lookup() (path string, value any) {
	base := strings.TrimSuffix(c.key, "__"+c.path.Lookup)
	switch c.path.Lookup {
	case schema.Exact:
		if len(c.values) > 1 {
			return base + "__" + schema.In, c.converted()
		}
	case schema.IsNull:
		isNull, _ := parseBool(c.values[0])
		return c.key, isNull
	case schema.In, schema.Range:
		return c.key, c.converted()
	}
	value, _ = convert(c.path, c.values[0], c.location) // checked by parseCondition
	if day, ok := value.(time.Time); ok && len(c.values[0]) == len(time.DateOnly) && c.path.Kind() == schema.KindDateTime {
		// A date is the whole day: at most the 3rd includes the 3rd, more than the 3rd does not.
		switch next := day.AddDate(0, 0, 1); c.path.Lookup {
		case schema.Lte:
			return base + "__" + schema.Lt, next
		case schema.Gt:
			return base + "__" + schema.Gte, next
		case schema.Exact:
			return base + "__" + schema.Range, []any{day, next.Add(-time.Microsecond)}
		}
	}
	return c.key, value
}

func (c condition) converted() []any {
	out := make([]any, 0, len(c.values))
	for _, one := range c.values {
		if v, err := convert(c.path, one, c.location); err == nil {
			out = append(out, v)
		}
	}
	return out
}

// parseBool returns the boolean of a parameter.
func parseBool(text string) (value, ok bool) {
	text = strings.ToLower(text)
	value = slices.Contains([]string{"1", "true", "yes", "on"}, text)
	return value, value || slices.Contains([]string{"0", "false", "no", "off"}, text)
}

var errValue = errors.New("not a value of the field")

// convert returns a value of the address for the comparison of a path.
func convert(path *schema.Path, text string, location *time.Location) (any, error) {
	if strings.ContainsRune(text, 0) || len(text) > 1000 {
		return nil, errValue
	}
	if len(path.Transforms) > 0 {
		if path.Kind().IsInteger() {
			return strconv.ParseInt(text, 10, 32)
		}
		_, err := parseTime(text, location)
		return text, err
	}
	field := path.Field
	if field.Relation != nil && field.Relation.ToField != nil && field.Kind != schema.KindManyToMany {
		field = field.Relation.ToField
	}
	switch kind := field.ColumnKind(); {
	case kind.IsText():
		return text, nil
	case kind == schema.KindDateTime:
		return parseTime(text, location)
	case kind == schema.KindBool:
		value, ok := parseBool(text)
		if !ok {
			return nil, errValue
		}
		return value, nil
	}
	return field.Convert(text)
}

// timeLayouts are the layouts of dates, which stand for their first instant, and of dates with a time.
var timeLayouts = []string{time.DateOnly, "2006-01-02T15:04", "2006-01-02T15:04:05", time.DateTime, time.RFC3339Nano}

func parseTime(text string, location *time.Location) (time.Time, error) {
	for _, layout := range timeLayouts {
		if t, err := time.ParseInLocation(layout, text, location); err == nil {
			if t.Year() < 1 || t.Year() > 9999 {
				return t, errValue
			}
			return t, nil
		}
	}
	return time.Time{}, errValue
}
