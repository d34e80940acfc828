package settings

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// wildcard ends the names of fields for any number of variables: a map[string]string with `env:"DATABASE_URL_*"` has the
// value of DATABASE_URL_LOGS at "logs". A map[string][]string has values that are separated by commas.
const wildcard = "*"

// matching returns the names of variables that are set, themselves or by a file, and match a name with a wildcard.
func matching(name string, environment map[string]string) []string {
	prefix := strings.TrimSuffix(name, wildcard)
	found := map[string]bool{}
	for set, value := range environment {
		suffix, ok := strings.CutPrefix(set, prefix)
		if suffix == strings.TrimPrefix(fileSuffix, "_") {
			continue // the file of the variable without the wildcard
		}
		if suffix = strings.TrimSuffix(suffix, fileSuffix); ok && suffix != "" && value != "" {
			found[prefix+suffix] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// fillWildcards sets the fields of a struct, and of the structs embedded in it, whose names have a wildcard.
func fillWildcards(v reflect.Value, environment map[string]string) error {
	for field, value := range v.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("env"), ",")
		if !strings.HasSuffix(name, wildcard) {
			if name == "" && value.Kind() == reflect.Struct && field.Anonymous && field.IsExported() {
				if err := fillWildcards(value, environment); err != nil {
					return err
				}
			}
			continue
		}
		texts, lists := map[string]string{}, map[string][]string{}
		for _, set := range matching(name, environment) {
			key := strings.ToLower(strings.TrimPrefix(set, strings.TrimSuffix(name, wildcard)))
			texts[key] = environment[set]
			for _, part := range strings.Split(environment[set], ",") {
				lists[key] = append(lists[key], strings.TrimSpace(part))
			}
		}
		switch {
		case field.Type == reflect.TypeOf(texts) && len(texts) > 0:
			value.Set(reflect.ValueOf(texts))
		case field.Type == reflect.TypeOf(lists) && len(texts) > 0:
			value.Set(reflect.ValueOf(lists))
		case field.Type != reflect.TypeOf(texts) && field.Type != reflect.TypeOf(lists):
			return fmt.Errorf("settings: the field %s, with a name that ends in %q, is no map[string]string and no map[string][]string",
				field.Name, wildcard)
		}
	}
	return nil
}
