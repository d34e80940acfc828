// Package signature describes the functions of expressions: the values that they take, and the kind of their result.
package signature

import "github.com/quintetgo/quintet/orm/schema"

// Of returns the signature of a function.
func Of(function string) (Signature, bool) {
	s, known := signatures[function]
	return s, known
}

// NeedsWindow reports whether a function has a value over a window only.
func NeedsWindow(function string) bool { return windowFunctions[function] }

// Family is the kinds of values that a function takes.
type Family uint8

// The families.
const (
	Any Family = iota
	Text
	Number
	Integer
	Time  // a date, a time of day or a point in time
	Alike // of the same kind as the other such arguments
)

var familyNames = [...]string{"a value", "text", "a number", "a whole number", "a date or a time", "a value"}

// String describes the values, for messages.
func (f Family) String() string { return familyNames[f] }

// Takes reports whether values of a kind belong to the family.
func (f Family) Takes(k schema.Kind) bool {
	switch f {
	case Text:
		return k.IsText() || k == schema.KindUnknown || k == schema.KindUUID
	case Number:
		return k.IsNumber() || k == schema.KindDuration || k == schema.KindUnknown
	case Integer:
		return k.IsInteger() || k == schema.KindUnknown
	case Time:
		return k.IsTime() || k == schema.KindUnknown
	}
	return true
}

// Signature is what a function takes and returns. The last family is that of all further arguments.
type Signature struct {
	Arguments []Family
	Result    schema.Kind // KindUnknown for that of the arguments
}

func takes(result schema.Kind, families ...Family) Signature { return Signature{families, result} }

// signatures are the functions but aggregates. Package functions documents them.
var signatures = map[string]Signature{
	"coalesce": takes(0, Alike), "greatest": takes(0, Alike), "least": takes(0, Alike), "null_if": takes(0, Alike, Alike),
	"json_object": takes(schema.KindJSON, Any), "json_array": takes(schema.KindJSON, Any),

	"now": takes(schema.KindDateTime), "trunc_date": takes(schema.KindDate, Time), "trunc_time": takes(schema.KindTime, Time),
	"trunc_year": takes(0, Time), "trunc_quarter": takes(0, Time), "trunc_month": takes(0, Time), "trunc_week": takes(0, Time),
	"trunc_day": takes(0, Time), "trunc_hour": takes(0, Time), "trunc_minute": takes(0, Time), "trunc_second": takes(0, Time),

	"abs": takes(0, Number), "ceil": takes(0, Number), "floor": takes(0, Number), "sign": takes(schema.KindInt, Number),
	"round": takes(0, Number, Integer), "mod": takes(0, Number, Number),
	"acos": takes(schema.KindFloat, Number), "asin": takes(schema.KindFloat, Number), "atan": takes(schema.KindFloat, Number),
	"atan2": takes(schema.KindFloat, Number, Number), "cos": takes(schema.KindFloat, Number), "cot": takes(schema.KindFloat, Number),
	"degrees": takes(schema.KindFloat, Number), "exp": takes(schema.KindFloat, Number), "ln": takes(schema.KindFloat, Number),
	"log": takes(schema.KindFloat, Number, Number), "pi": takes(schema.KindFloat), "power": takes(schema.KindFloat, Number, Number),
	"radians": takes(schema.KindFloat, Number), "sin": takes(schema.KindFloat, Number), "sqrt": takes(schema.KindFloat, Number),
	"tan": takes(schema.KindFloat, Number), "random": takes(schema.KindFloat),

	"md5": takes(schema.KindText, Text), "sha1": takes(schema.KindText, Text), "sha224": takes(schema.KindText, Text),
	"sha256": takes(schema.KindText, Text), "sha384": takes(schema.KindText, Text), "sha512": takes(schema.KindText, Text),

	"chr": takes(schema.KindText, Integer), "concat": takes(schema.KindText, Any), "left": takes(schema.KindText, Text, Integer),
	"length": takes(schema.KindInt, Text), "lower": takes(schema.KindText, Text), "lpad": takes(schema.KindText, Text, Integer, Text),
	"ltrim": takes(schema.KindText, Text), "ord": takes(schema.KindInt, Text), "repeat": takes(schema.KindText, Text, Integer),
	"replace": takes(schema.KindText, Text, Text, Text), "reverse": takes(schema.KindText, Text),
	"right": takes(
		schema.KindText,
		Text,
		Integer,
	), "rpad": takes(schema.KindText, Text, Integer, Text), "rtrim": takes(schema.KindText, Text),
	"str_index": takes(schema.KindInt, Text, Text), "substr": takes(schema.KindText, Text, Integer, Integer),
	"trim": takes(schema.KindText, Text), "upper": takes(schema.KindText, Text),

	"uuid4": takes(schema.KindUUID), "uuid7": takes(schema.KindUUID),

	"row_number": takes(schema.KindBigInt), "rank": takes(schema.KindBigInt), "dense_rank": takes(schema.KindBigInt),
	"percent_rank": takes(schema.KindFloat), "cume_dist": takes(schema.KindFloat), "ntile": takes(schema.KindBigInt, Integer),
	"lag": takes(0, Alike, Integer, Alike), "lead": takes(0, Alike, Integer, Alike), "first_value": takes(0, Alike),
	"last_value": takes(0, Alike), "nth_value": takes(0, Alike, Integer),
}

// windowFunctions are the functions that need a window.
var windowFunctions = map[string]bool{
	"row_number": true, "rank": true, "dense_rank": true, "percent_rank": true, "cume_dist": true, "ntile": true, "lag": true,
	"lead": true, "first_value": true, "last_value": true, "nth_value": true,
}

// Family returns the values of the argument with an index.
func (s Signature) Family(i int) Family {
	if len(s.Arguments) == 0 {
		return Any
	}
	return s.Arguments[min(i, len(s.Arguments)-1)]
}
