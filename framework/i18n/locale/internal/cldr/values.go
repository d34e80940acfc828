package main

import (
	"fmt"
	"strings"
)

// tree is an object of JSON.
type tree = map[string]any

// at follows keys into nested objects; nil if one is absent.
func at(v any, keys ...string) any {
	for _, key := range keys {
		object, ok := v.(tree)
		if !ok {
			return nil
		}
		v = object[key]
	}
	return v
}

func text(v any, keys ...string) string {
	value, _ := at(v, keys...).(string)
	return value
}

// locale returns the values of a locale, by the names that package locale reads.
func (s source) locale(code string) (map[string]any, error) {
	files := map[string]any{}
	for key, name := range map[string]string{
		"dates": "cldr-dates-full/main/%s/ca-gregorian.json", "fields": "cldr-dates-full/main/%s/dateFields.json",
		"numbers": "cldr-numbers-full/main/%s/numbers.json", "languages": "cldr-localenames-full/main/%s/languages.json",
		"layout": "cldr-misc-full/main/%s/layout.json", "units": "cldr-units-full/main/%s/units.json",
		"lists": "cldr-misc-full/main/%s/listPatterns.json",
	} {
		var file any
		if err := s.read(&file, fmt.Sprintf(name, code)); err != nil {
			return nil, err
		}
		files[key] = at(file, "main", code)
	}
	values := map[string]any{}
	s.calendar(values, at(files["dates"], "dates", "calendars", "gregorian"))
	s.numbers(values, at(files["numbers"], "numbers"))
	s.relative(values, at(files["fields"], "dates", "fields"))
	s.units(values, at(files["units"], "units"))
	values["list"] = at(files["lists"], "listPatterns", "listPattern-type-standard")
	values["rtl"] = text(files["layout"], "layout", "orientation", "characterOrder") == "right-to-left"
	values["own_name"] = s.name(at(files["languages"], "localeDisplayNames", "languages"), code)
	english, err := s.english()
	if err != nil {
		return nil, err
	}
	values["name"] = s.name(english, code)
	if values["plural_forms"], err = s.pluralForms(code); err != nil {
		return nil, err
	}
	day, err := s.firstDay(code)
	values["first_day"] = day
	return values, err
}

// name returns the name of a language, or of the longest part of its code that has one.
func (s source) name(names any, code string) string {
	for {
		if name := text(names, code); name != "" {
			return name
		}
		cut := strings.LastIndexByte(code, '-')
		if cut < 0 {
			return code
		}
		code = code[:cut]
	}
}

func (s source) english() (any, error) {
	var file any
	err := s.read(&file, "cldr-localenames-full/main/en/languages.json")
	return at(file, "main", "en", "localeDisplayNames", "languages"), err
}

func (s source) calendar(values map[string]any, c any) {
	list := func(kind, form, width string, keys []string) []string {
		out := make([]string, len(keys))
		for i, key := range keys {
			out[i] = text(c, kind, form, width, key)
		}
		return out
	}
	months := []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}
	days := []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	values["months"] = list("months", "format", "wide", months)
	values["months_short"] = list("months", "format", "abbreviated", months)
	values["months_alone"] = list("months", "stand-alone", "wide", months)
	values["months_alone_short"] = list("months", "stand-alone", "abbreviated", months)
	values["days"] = list("days", "format", "wide", days)
	values["days_short"] = list("days", "format", "abbreviated", days)
	values["days_narrow"] = list("days", "stand-alone", "narrow", days)
	values["am"], values["pm"] = text(c, "dayPeriods", "format", "abbreviated", "am"), text(c, "dayPeriods", "format", "abbreviated", "pm")
	for _, style := range []string{"full", "long", "medium", "short"} {
		values["date_"+style] = pattern(at(c, "dateFormats", style))
		values["join_"+style] = pattern(at(c, "dateTimeFormats", style))
	}
	values["time_short"], values["time_medium"] = pattern(at(c, "timeFormats", "short")), pattern(at(c, "timeFormats", "medium"))
	formats := at(c, "dateTimeFormats", "availableFormats")
	values["date_input"] = text(formats, "yMd")
	if values["date_input"] == "y-dd-MM" {
		values["date_input"] = "y-MM-dd" // Kirghiz: nobody could tell the other one from ISO 8601, which is understood as well
	}
	values["month_day"], values["year_month"] = text(formats, "MMMMd"), text(formats, "yMMMM")
	if values["month_day"] == "" {
		values["month_day"] = text(formats, "MMMd")
	}
}

// pattern returns a pattern, which is an object where it has digits of its own.
func pattern(v any) string {
	if object, ok := v.(tree); ok {
		v = object["_value"]
	}
	s, _ := v.(string)
	return s
}

func (s source) numbers(values map[string]any, n any) {
	symbols := at(n, "symbols-numberSystem-latn")
	values["decimal"], values["group"], values["minus"] = text(symbols, "decimal"), text(symbols, "group"), text(symbols, "minusSign")
	values["percent"] = text(n, "percentFormats-numberSystem-latn", "standard")
	values["number"] = text(n, "decimalFormats-numberSystem-latn", "standard")
	values["min_grouping"] = text(n, "minimumGroupingDigits")
	compact := map[string]any{}
	formats, _ := at(n, "decimalFormats-numberSystem-latn", "long", "decimalFormat").(tree)
	for key, value := range formats {
		power, count, ok := strings.Cut(key, "-count-")
		if _, alternative := strings.CutSuffix(count, "-alt-variant"); !ok || alternative {
			continue
		}
		if compact[power] == nil {
			compact[power] = map[string]any{}
		}
		compact[power].(map[string]any)[count] = value
	}
	values["compact"] = compact
}

func (s source) relative(values map[string]any, fields any) {
	out := map[string]any{}
	for _, unit := range []string{"year", "month", "week", "day", "hour", "minute", "second"} {
		field := at(fields, unit)
		entry := map[string]any{"past": counts(at(field, "relativeTime-type-past"), "relativeTimePattern-count-")}
		entry["future"] = counts(at(field, "relativeTime-type-future"), "relativeTimePattern-count-")
		for _, n := range []string{"-1", "0", "1"} {
			if name := text(field, "relative-type-"+n); name != "" {
				entry[n] = name
			}
		}
		out[unit] = entry
	}
	values["relative"] = out
}

func (s source) units(values map[string]any, units any) {
	durations, sizes := map[string]any{}, map[string]any{}
	for _, unit := range []string{"year", "month", "week", "day", "hour", "minute", "second"} {
		durations[unit] = counts(at(units, "long", "duration-"+unit), "unitPattern-count-")
	}
	for _, unit := range []string{"byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte"} {
		width := "short"
		if unit == "byte" {
			width = "long"
		}
		sizes[unit] = counts(at(units, width, "digital-"+unit), "unitPattern-count-")
	}
	values["durations"], values["sizes"] = durations, sizes
}

// counts returns the entries of an object whose keys begin with prefix, by the rest of the key: the plural category.
func counts(v any, prefix string) map[string]any {
	out := map[string]any{}
	object, _ := v.(tree)
	for key, value := range object {
		if category, ok := strings.CutPrefix(key, prefix); ok && !strings.Contains(category, "-") {
			out[category] = value
		}
	}
	return out
}

// firstDay returns the first day of the week, 0 for Sunday, where most speakers of the language live.
func (s source) firstDay(code string) (int, error) {
	var week, likely any
	if err := s.read(&week, "cldr-core/supplemental/weekData.json"); err != nil {
		return 0, err
	}
	if err := s.read(&likely, "cldr-core/supplemental/likelySubtags.json"); err != nil {
		return 0, err
	}
	region := "001"
	full := text(likely, "supplemental", "likelySubtags", code)
	for _, part := range strings.Split(full+"-"+code, "-") {
		if len(part) == 2 && strings.ToUpper(part) == part {
			region = part // the last one: that of the code comes after the likely one
		}
	}
	if full == "" {
		base, _, _ := strings.Cut(code, "-")
		if region == "001" {
			parts := strings.Split(text(likely, "supplemental", "likelySubtags", base), "-")
			region = parts[len(parts)-1]
		}
	}
	first := at(week, "supplemental", "weekData", "firstDay")
	day := text(first, region)
	if day == "" {
		day = text(first, "001")
	}
	for i, name := range []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} {
		if name == day {
			return i, nil
		}
	}
	return 0, fmt.Errorf("unknown first day %q of region %s", day, region)
}
