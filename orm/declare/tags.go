package declare

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	gschema "gorm.io/gorm/schema"

	"github.com/quintetgo/quintet/orm/internal/problem"
	"github.com/quintetgo/quintet/orm/schema"
)

// tagKeys are the keys that GORM reads in its tags.
var tagKeys = []string{
	"column", "type", "serializer", "json", "size", "primaryKey", "primary_key", "unique", "default", "precision", "scale",
	"not null", "notnull", "null", "autoIncrement", "autoIncrementIncrement", "embedded", "embeddedPrefix", "autoCreateTime",
	"autoUpdateTime", "index", "uniqueIndex", "check", "<-", "->", "-", "comment", "foreignKey", "references", "polymorphic",
	"polymorphicType", "polymorphicId", "polymorphicValue", "many2many", "joinForeignKey", "joinReferences", "constraint",
	"belongsTo",
}

// checkTags reports parts of tags that GORM ignores silently: unknown keys, malformed tags and unusable values.
func checkTags(place string, typ reflect.Type, seen map[reflect.Type]bool) []problem.Problem {
	if seen[typ] {
		return nil
	}
	seen[typ] = true
	var found []problem.Problem
	for i := range typ.NumField() {
		sf := typ.Field(i)
		if !sf.IsExported() {
			continue
		}
		at := place + "." + sf.Name
		tag, ok := sf.Tag.Lookup("gorm")
		if !ok && strings.Contains(string(sf.Tag), "gorm") {
			found = append(found, problem.Error("orm.E011", at, fmt.Sprintf("malformed struct tag %q", string(sf.Tag)),
				"Write `gorm:\"key:value;key\"` with quotes and no space after the colon."))
			continue
		}
		found = append(found, checkTag(at, tag)...)
		found = append(found, structTags(at, sf)...)
		settings := gschema.ParseTagSetting(tag, ";")
		embedded := sf.Type
		for embedded.Kind() == reflect.Pointer {
			embedded = embedded.Elem()
		}
		_, marked := settings["EMBEDDED"]
		if embedded.Kind() == reflect.Struct && (marked || sf.Anonymous) && !schema.IsScalarStruct(embedded) {
			found = append(found, checkTags(place, embedded, seen)...)
		}
	}
	return found
}

func checkTag(at, tag string) []problem.Problem {
	var found []problem.Problem
	for _, part := range splitTag(tag) {
		key, value, _ := strings.Cut(part, ":")
		key = strings.TrimSpace(key)
		if key == "" {
			continue
		}
		if !slices.ContainsFunc(tagKeys, func(k string) bool { return strings.EqualFold(k, key) }) {
			found = append(found, problem.Error("orm.E012", at, fmt.Sprintf("unknown gorm tag key %q", key), problem.DidYouMean(key,
				tagKeys, "")))
			continue
		}
		switch strings.ToLower(key) {
		case "size", "precision", "scale", "autoincrementincrement":
			if !isDigits(value) {
				found = append(found, problem.Error("orm.E013", at, fmt.Sprintf("the gorm tag %q requires a whole number, not %q", key,
					value), "Write "+key+":100."))
			}
		case "serializer", "json":
			if _, ok := gschema.GetSerializer(value); !ok {
				found = append(found, problem.Error("orm.E013", at, fmt.Sprintf("no serializer %q", value), problem.DidYouMean(value,
					[]string{"json", "gob", "unixtime"}, "Register it with gorm's schema.RegisterSerializer before the models.")))
			}
		}
	}
	return found
}

// splitTag splits a tag at ";", except where it is escaped.
func splitTag(tag string) []string {
	parts := strings.Split(tag, ";")
	var settings []string
	for i := 0; i < len(parts); i++ {
		s := parts[i]
		for strings.HasSuffix(s, `\`) && i+1 < len(parts) {
			i++
			s = s[:len(s)-1] + ";" + parts[i]
		}
		settings = append(settings, s)
	}
	return settings
}

func isDigits(s string) bool {
	s = strings.TrimSpace(s)
	return s != "" && strings.Trim(s, "0123456789") == ""
}
