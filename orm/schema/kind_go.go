package schema

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"

	gschema "gorm.io/gorm/schema"
)

var (
	timeType     = reflect.TypeFor[time.Time]()
	durationType = reflect.TypeFor[time.Duration]()
	rawJSONType  = reflect.TypeFor[json.RawMessage]()
	valuerType   = reflect.TypeFor[driver.Valuer]()
	scannerType  = reflect.TypeFor[sql.Scanner]()
)

// ColumnType is the kind and size that a GORM tag's type declares: "varchar(80)", "decimal(10,2)", "timestamptz".
type ColumnType struct {
	Kind                   Kind
	Size, Precision, Scale int
}

var storageKinds = map[string]Kind{
	"text": KindText, "longtext": KindText, "mediumtext": KindText, "tinytext": KindText, "clob": KindText,
	"varchar": KindChar, "char": KindChar, "character": KindChar, "character varying": KindChar, "nvarchar": KindChar,
	"string": KindChar, "citext": KindChar,
	"decimal": KindDecimal, "numeric": KindDecimal, "money": KindDecimal,
	"date": KindDate, "datetime": KindDateTime, "timestamp": KindDateTime, "timestamptz": KindDateTime,
	"timestamp with time zone": KindDateTime, "timestamp without time zone": KindDateTime,
	"time without time zone": KindTime,
	"inet":                   KindIP, "json": KindJSON, "jsonb": KindJSON, "uuid": KindUUID,
	"bool": KindBool, "boolean": KindBool, "bit": KindBool,
	"int8": KindBigInt, "int4": KindInt, "int2": KindSmallInt, "mediumint": KindInt, "serial": KindInt, "bigserial": KindBigInt,
	"float4": KindFloat, "float8": KindFloat, "nchar": KindChar, "mediumblob": KindBinary, "tinyblob": KindBinary,
	"time with time zone": KindTime,
	"bigint":              KindBigInt, "int": KindInt, "integer": KindInt,
	"smallint": KindSmallInt, "tinyint": KindSmallInt, "uint": KindUint,
	"float": KindFloat, "double": KindFloat, "real": KindFloat, "double precision": KindFloat,
	"blob": KindBinary, "bytea": KindBinary, "bytes": KindBinary, "longblob": KindBinary, "varbinary": KindBinary, "binary": KindBinary,
}

// ParseColumnType reads a column type. The kind is KindUnknown for a type that only some database has.
func ParseColumnType(text string) ColumnType {
	name, args, _ := strings.Cut(strings.ToLower(strings.TrimSpace(text)), "(")
	inside, suffix, _ := strings.Cut(args, ")")
	words := strings.Fields(name + " " + suffix)
	for len(words) > 1 && (words[len(words)-1] == "unsigned" || words[len(words)-1] == "zerofill") { // MySQL's
		words = words[:len(words)-1]
	}
	name = strings.Join(words, " ")
	s := ColumnType{Kind: storageKinds[name]}
	if name == "time" {
		s.Kind = KindTime
	}
	first, second, _ := strings.Cut(inside, ",")
	n, _ := strconv.Atoi(strings.TrimSpace(first))
	m, _ := strconv.Atoi(strings.TrimSpace(second))
	switch s.Kind {
	case KindChar:
		s.Size = n
	case KindDecimal:
		s.Precision, s.Scale = n, m
	}
	return s
}

// KindOf returns the kind that values of a Go type have without a tag. It is KindUnknown if they cannot be stored. Pointers
// are followed.
func KindOf(t reflect.Type) Kind {
	if t == nil {
		return KindUnknown
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t {
	case timeType:
		return KindDateTime
	case durationType:
		return KindDuration
	case rawJSONType:
		return KindJSON
	case addressType:
		return KindIP
	}
	if typer, ok := reflect.New(t).Interface().(gschema.GormDataTypeInterface); ok {
		if k := ParseColumnType(typer.GormDataType()).Kind; k != KindUnknown {
			return k
		}
	}
	custom := isCustom(t)
	switch t.Kind() {
	case reflect.Int, reflect.Int64:
		return KindBigInt
	case reflect.Int32:
		return KindInt
	case reflect.Int16, reflect.Int8:
		return KindSmallInt
	case reflect.Uint, reflect.Uint64, reflect.Uint32, reflect.Uint16, reflect.Uint8:
		return KindUint
	case reflect.Float32, reflect.Float64:
		return KindFloat
	case reflect.Bool:
		return KindBool
	case reflect.String:
		return KindChar
	case reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 && t.Len() == 16 && custom {
			return KindUUID
		}
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return KindBinary
		}
	case reflect.Struct:
		if strings.Contains(t.Name(), "Decimal") && custom {
			return KindDecimal
		}
		if t.ConvertibleTo(timeType) {
			return KindDateTime
		}
		if inner := Nullable(t); inner != nil {
			return KindOf(inner)
		}
	}
	return KindUnknown
}

// isCustom reports whether a type is a driver.Valuer and, as a pointer, an sql.Scanner.
func isCustom(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(valuerType) && p.Implements(scannerType)
}

// Nullable returns the type inside sql.NullString, sql.Null[T] and their like, or nil.
func Nullable(t reflect.Type) reflect.Type {
	if t.Kind() != reflect.Struct || !isCustom(t) || t.NumField() != 2 {
		return nil
	}
	valid, ok := t.FieldByName("Valid")
	if !ok || valid.Type.Kind() != reflect.Bool {
		return nil
	}
	return t.Field(1 - valid.Index[0]).Type
}

// IsScalarStruct reports whether a struct type is one value rather than several columns.
func IsScalarStruct(t reflect.Type) bool {
	return t == addressType || t.ConvertibleTo(timeType) || reflect.PointerTo(t).Implements(valuerType)
}
