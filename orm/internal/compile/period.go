package compile

import (
	"reflect"
	"strconv"
	"time"

	"github.com/quintetgo/quintet/orm/internal/datetime"
	"github.com/quintetgo/quintet/orm/internal/operand"
	"github.com/quintetgo/quintet/orm/schema"
)

// period replaces a comparison of a column's year or date by one of the column with the bounds of the period, for which the database
// can use an index. It returns false, and changes nothing, if it cannot.
func (c *compiler) period(k *comparison, transform string) bool {
	if !k.plain || k.Field == nil || !k.Field.ColumnKind().IsTime() {
		return false
	}
	switch k.Lookup {
	case schema.Exact, schema.Gt, schema.Gte, schema.Lt, schema.Lte:
	default:
		return false
	}
	var start, end time.Time
	switch transform {
	case "year":
		year, ok := yearOf(operand.Dereference(k.value))
		if !ok {
			return false
		}
		start = time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
		end = start.AddDate(1, 0, 0)
	case "date":
		if operand.Dereference(k.value) == nil {
			return false
		}
		if _, isExpr := k.value.(*Expr); isExpr {
			return false
		}
		t, err := k.Time(operand.Dereference(k.value))
		if err != nil {
			return false
		}
		start = time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
		end = start.AddDate(0, 0, 1)
		if !datetime.Fits(end) { // the last possible day; the day is compared as text
			return false
		}
	default:
		return false
	}
	k.Kind = k.Field.ColumnKind()
	switch k.Lookup {
	case schema.Exact:
		k.Lookup, k.value = periodLookup, [2]time.Time{start, end}
	case schema.Gte, schema.Lt:
		k.value = start
	case schema.Gt:
		k.Lookup, k.value = schema.Gte, end
	case schema.Lte:
		k.Lookup, k.value = schema.Lt, end
	}
	return true
}

// periodLookup compares with the start and the exclusive end of a period. It cannot be written in a path.
const periodLookup = "in period"

func (c *compiler) inPeriod(k *comparison, bounds [2]time.Time) error {
	start, err := k.Bound(bounds[0])
	if err != nil {
		return err
	}
	end, err := k.Bound(bounds[1])
	if err != nil {
		return err
	}
	c.Text("(")
	c.Raw(k.left)
	c.Text(" >= ")
	c.Bind(start)
	c.Text(" AND ")
	c.Raw(k.left)
	c.Text(" < ")
	c.Bind(end)
	c.Text(")")
	return nil
}

// yearOf returns a year that time.Time and the databases can represent.
func yearOf(v any) (int, bool) {
	rv := reflect.ValueOf(v)
	year := int64(0)
	switch {
	case !rv.IsValid():
		return 0, false
	case rv.CanInt():
		year = rv.Int()
	case rv.Kind() == reflect.String:
		n, err := strconv.ParseInt(rv.String(), 10, 64)
		if err != nil {
			return 0, false
		}
		year = n
	default:
		return 0, false
	}
	return int(year), year >= 1 && year <= 9998
}
