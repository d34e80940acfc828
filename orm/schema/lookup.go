package schema

import "slices"

// Lookup names. A lookup is the comparison at the end of a path: "title__icontains".
const (
	Exact       = "exact"
	IExact      = "iexact"
	Contains    = "contains"
	IContains   = "icontains"
	StartsWith  = "startswith"
	IStartsWith = "istartswith"
	EndsWith    = "endswith"
	IEndsWith   = "iendswith"
	In          = "in"
	Gt          = "gt"
	Gte         = "gte"
	Lt          = "lt"
	Lte         = "lte"
	Range       = "range"
	IsNull      = "isnull"
	Regex       = "regex"
	IRegex      = "iregex"
	HasKey      = "has_key"
	HasKeys     = "has_keys"
	HasAnyKeys  = "has_any_keys"
	ContainedBy = "contained_by"
)

// Lookups returns the lookups for values of a kind, in a fixed order.
func Lookups(k Kind) []string {
	order := []string{Exact, In, Gt, Gte, Lt, Lte, Range, IsNull}
	switch {
	case k.IsText():
		return []string{
			Exact, IExact, Contains, IContains, StartsWith, IStartsWith, EndsWith, IEndsWith,
			In, Gt, Gte, Lt, Lte, Range, IsNull, Regex, IRegex,
		}
	case k == KindBool:
		return []string{Exact, In, IsNull}
	case k == KindJSON:
		return []string{
			Exact, IExact, Contains, IContains, StartsWith, IStartsWith, EndsWith, IEndsWith, In, Gt, Gte, Lt, Lte, Range, IsNull,
			Regex, IRegex, HasKey, HasKeys, HasAnyKeys, ContainedBy,
		}
	case k == KindBinary:
		return []string{Exact, In, IsNull}
	case k == KindUUID:
		return append(order, IExact)
	}
	return order
}

// Transforms returns the parts of a kind's values that can be compared instead of the value: "created_at__year__gte".
func Transforms(k Kind) []string {
	date := []string{"year", "quarter", "month", "week", "day", "week_day", "iso_year", "iso_week_day"}
	clock := []string{"hour", "minute", "second"}
	switch k {
	case KindDate:
		return date
	case KindTime:
		return clock
	case KindDateTime:
		return slices.Concat(date, clock, []string{"date", "time"})
	}
	return nil
}

// Transformed returns the kind of a transform's result.
func Transformed(name string) Kind {
	switch name {
	case "date":
		return KindDate
	case "time":
		return KindTime
	}
	return KindInt
}

// isLookup reports whether some kind has the lookup.
func isLookup(name string) bool {
	return slices.Contains(Lookups(KindChar), name) || slices.Contains(Lookups(KindJSON), name)
}
