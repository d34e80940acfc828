package dynamic

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/schema"
)

// dateUnits are the units of Dates, from the longest.
var dateUnits = []string{"year", "quarter", "month", "week", "day", "hour", "minute", "second"} //nolint:gochecknoglobals // constant

// Dates returns the years, quarters, months, weeks, days, hours, minutes or seconds in which a date or time of any row lies, in UTC:
// the start of each, once, in ascending order. The unit is the word in singular, such as "month". Rows without a value are left out.
func (q Query) Dates(ctx context.Context, name, unit string) ([]time.Time, error) {
	return q.DatesIn(ctx, name, unit, time.UTC)
}

// DatesIn is [Query.Dates] in a time zone. A date without a time of day has no zone, and is returned as in UTC.
func (q Query) DatesIn(ctx context.Context, name, unit string, zone *time.Location) ([]time.Time, error) {
	kind, err := q.dateKind(name, unit)
	if err != nil {
		return nil, err
	}
	if kind == schema.KindDate || zone == time.UTC {
		return q.starts(ctx, name, unit)
	}
	finest := "minute" // of which every zone of today has a whole number in each of its days
	if unit == "second" {
		finest = unit
	}
	times, err := q.starts(ctx, name, finest)
	if err != nil {
		return nil, err
	}
	var all []time.Time
	for _, t := range times {
		if start := startOf(t.In(zone), unit); len(all) == 0 || !all[len(all)-1].Equal(start) {
			all = append(all, start)
		}
	}
	slices.SortFunc(all, time.Time.Compare) // a clock that was set back repeats an hour
	return slices.CompactFunc(all, time.Time.Equal), nil
}

// dateKind returns the kind of the field that Dates reads, or an error for one that is not divided into the unit.
func (q Query) dateKind(name, unit string) (schema.Kind, error) {
	if q.err != nil {
		return 0, q.err
	}
	m := q.query.Model
	if !slices.Contains(dateUnits, unit) {
		return 0, fmt.Errorf(
			"orm: %s: Dates has no unit %q%s; it has %s",
			m,
			unit,
			check.DidYouMean(unit, dateUnits),
			strings.Join(dateUnits, ", "),
		)
	}
	path, err := m.Resolve(name)
	if err != nil {
		return 0, err
	}
	kind := path.Kind()
	timed := slices.Index(dateUnits, unit) > slices.Index(dateUnits, "day")
	switch {
	case q.query.Groups != nil:
		return 0, fmt.Errorf("orm: %s: Dates takes rows, not groups", m)
	case kind != schema.KindDateTime && kind != schema.KindDate:
		return 0, &schema.LookupError{Model: m, Path: name, Part: name, Problem: fmt.Sprintf("Dates takes a date or time, not %s", kind)}
	case kind == schema.KindDate && timed:
		return 0, &schema.LookupError{Model: m, Path: name, Part: name, Problem: "a date has no " + unit}
	}
	return kind, nil
}

// startsName is the annotation of starts. No path in a query begins with it.
const startsName = "start of a date"

// starts returns the distinct starts of units in UTC, as the database computes them.
func (q Query) starts(ctx context.Context, name, unit string) ([]time.Time, error) {
	q = q.fixed().Where(name+"__"+schema.IsNull, false).OrderBy(startsName).Distinct()
	start := compile.Function("trunc_"+unit, &compile.Expr{Kind: compile.Ref, Path: name})
	q.query.Annotations = extend(q.query.Annotations, compile.Annotation{Name: startsName, Expr: start})
	rows, err := q.Compiled().Values(ctx, []string{startsName})
	if err != nil {
		return nil, err
	}
	times := make([]time.Time, len(rows))
	for i, row := range rows {
		t, ok := row[0].(time.Time)
		if !ok {
			return nil, fmt.Errorf("orm: %s: Dates read a %T of %q", q.query.Model, row[0], name)
		}
		times[i] = t
	}
	return times, nil
}

// startOf returns the start of a unit in the zone of t.
func startOf(t time.Time, unit string) time.Time {
	year, month, day := t.Date()
	switch unit {
	case "year":
		month, day = time.January, 1
	case "quarter":
		month, day = month-(month-1)%3, 1
	case "month":
		day = 1
	case "week":
		day -= (int(t.Weekday()) + 6) % 7
	case "hour":
		return t.Add(-time.Duration(t.Minute())*time.Minute - time.Duration(t.Second())*time.Second)
	case "minute", "second":
		return t
	}
	return time.Date(year, month, day, 0, 0, 0, 0, t.Location())
}
