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
	Search      = "search" // of a model or field with an index for full-text search; see [Index]
)

// Lookups returns the lookups for values of a kind: those of this package in a fixed order, then those of [RegisterLookup].
func Lookups(k Kind) []string {
	list := lookups(k)
	for _, custom := range registeredLookups.list() {
		if slices.Contains(custom.Kinds, k) {
			list = append(list, custom.Name)
		}
	}
	return list
}

func lookups(k Kind) []string {
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

// Transforms returns the parts of a kind's values that can be compared instead of the value: "created_at__year__gte",
// "title__length". Those of [RegisterTransform] are last.
func Transforms(k Kind) []string {
	list := transforms(k)
	for _, custom := range registeredTransforms.list() {
		if slices.Contains(custom.Kinds, k) {
			list = append(list, custom.Name)
		}
	}
	return list
}

func transforms(k Kind) []string {
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
	if k.IsText() {
		return textTransforms()
	}
	return nil
}

// textTransforms are functions of package functions too.
func textTransforms() []string {
	return []string{"length", "lower", "upper", "trim", "ltrim", "rtrim", "reverse"}
}

// IsFunction reports whether a transform is a function of its name, rather than a part of a date.
func IsFunction(transform string) bool { return slices.Contains(textTransforms(), transform) }

// Transformed returns the kind of a transform's result.
func Transformed(name string) Kind {
	switch name {
	case "date":
		return KindDate
	case "time":
		return KindTime
	case "lower", "upper", "trim", "ltrim", "rtrim", "reverse":
		return KindText
	}
	if custom, ok := registeredTransforms.get(name); ok {
		return custom.Result
	}
	return KindInt
}

// isLookup reports whether some kind has the lookup.
func isLookup(name string) bool {
	if _, custom := registeredLookups.get(name); custom {
		return true
	}
	return name == Search || slices.Contains(lookups(KindChar), name) || slices.Contains(lookups(KindJSON), name)
}
