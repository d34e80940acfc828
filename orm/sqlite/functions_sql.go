package sqlite

import (
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
)

// functionTemplates are the functions that SQLite writes in a way of its own. Those that it lacks, or that know ASCII only,
// are functions of this package.
var functionTemplates = map[dialect.Function]string{
	"greatest": "MAX($*)", "least": "MIN($*)",

	"now": "strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')", "trunc_date": "strftime('%Y-%m-%d', $1)", "trunc_time": "strftime('%H:%M:%S', $1)",

	"sign": "SIGN($1)", "pi": "3.141592653589793", "random": "quintet_random()",

	"chr": "quintet_chr($1)", "length": "LENGTH($1)", "ord": "quintet_ord($1)", "reverse": "quintet_reverse($1)",
	"left": "SUBSTR($1, 1, MAX($2, 0))", "right": "quintet_right($1, $2)", "lower": "quintet_lower($1)", "upper": "quintet_upper($1)",
	"lpad": "quintet_pad($1, $2, $3, 1)", "rpad": "quintet_pad($1, $2, $3, 0)", "repeat": "quintet_repeat($1, $2)",
	"replace": "REPLACE($1, $2, $3)", "str_index": "INSTR($1, $2)", "substr": "SUBSTR($1, MAX($2, 1), MAX($3, 0))",
	"trim": "TRIM($1)", "ltrim": "LTRIM($1)", "rtrim": "RTRIM($1)",

	"uuid4": "quintet_uuid(4)", "uuid7": "quintet_uuid(7)",

	"std_dev":         "quintet_spread(json_group_array($distinct$1)$over, 'deviation', 0)",
	"variance":        "quintet_spread(json_group_array($distinct$1)$over, 'variance', 0)",
	"any_value":       "MIN($1)",
	"std_dev_sample":  "quintet_spread(json_group_array($distinct$1)$over, 'deviation', 1)",
	"variance_sample": "quintet_spread(json_group_array($distinct$1)$over, 'variance', 1)",
}

// truncations are the formats of the start of a period.
var truncations = map[string]string{
	"year": "%Y-01-01 00:00:00", "month": "%Y-%m-01 00:00:00", "day": "%Y-%m-%d 00:00:00", "hour": "%Y-%m-%d %H:00:00",
	"minute": "%Y-%m-%d %H:%M:00", "second": "%Y-%m-%d %H:%M:%S",
}

// FunctionTemplate implements [dialect.FunctionTemplater].
func (sqliteDialect) FunctionTemplate(c dialect.Call) string {
	name := string(c.Function)
	switch name {
	case "acos", "asin", "atan", "cos", "cot", "degrees", "exp", "ln", "radians", "sin", "sqrt", "tan":
		return "quintet_math('" + name + "', $1)"
	case "atan2", "log", "power":
		return "quintet_math2('" + name + "', $1, $2)"
	case "ceil", "floor":
		if c.Result.IsInteger() {
			return "$1"
		}
		return "quintet_math('" + name + "', $1)"
	case "round":
		return "quintet_round($1, $2, " + strconv.FormatBool(c.Result.IsInteger()) + ")"
	case "mod":
		if c.Result == dialect.TypeFloat || c.Result == dialect.TypeDecimal {
			return "quintet_mod($1, $2)"
		}
		return "($1 % $2)"
	case "md5", "sha1", "sha224", "sha256", "sha384", "sha512":
		return "quintet_digest('" + name + "', $1)"
	case "concat":
		return "(" + eachArgument(c.Args, " || ", func(arg string, _ dialect.Type) string { return "COALESCE(" + arg + ", '')" }) + ")"
	case "json_array", "json_object":
		return name + "(" + eachArgument(c.Args, ", ", jsonArgument) + ")"
	case "string_agg":
		if c.Distinct { // whose DISTINCT takes no separator
			return "quintet_join(json_group_array(DISTINCT $1$order) FILTER (WHERE $1 IS NOT NULL), " + quoteText(c.Text) + ")"
		}
		return "group_concat($1, " + quoteText(c.Text) + "$order)"
	}
	if unit, ok := strings.CutPrefix(name, "trunc_"); ok && functionTemplates[c.Function] == "" {
		return truncation(unit, c.Result)
	}
	return functionTemplates[c.Function]
}

// truncation returns the start of a period in the form in which values of a type are stored.
func truncation(unit string, t dialect.Type) string {
	date := "$1"
	switch unit {
	case "quarter":
		date, unit = "$1, 'start of month', '-' || ((CAST(strftime('%m', $1) AS INTEGER) + 2) % 3) || ' months'", "month"
	case "week":
		date, unit = "$1, '-6 days', 'weekday 1'", "day"
	}
	format := truncations[unit]
	day, clock, _ := strings.Cut(format, " ")
	switch t {
	case dialect.TypeDate:
		format = day
	case dialect.TypeTime:
		format = clock
	default:
		format += "+00:00"
	}
	return "strftime('" + format + "', " + date + ")"
}

func eachArgument(types []dialect.Type, separator string, write func(arg string, t dialect.Type) string) string {
	parts := make([]string, len(types))
	for i, t := range types {
		parts[i] = write("$"+strconv.Itoa(i+1), t)
	}
	return strings.Join(parts, separator)
}

// jsonArgument returns an argument as a value in JSON.
func jsonArgument(arg string, t dialect.Type) string {
	switch t {
	case dialect.TypeBool:
		return "json(CASE WHEN " + arg + " THEN 'true' WHEN NOT " + arg + " THEN 'false' ELSE 'null' END)"
	case dialect.TypeJSON:
		return "json(" + arg + ")"
	}
	return arg
}

// quoteText returns a text as a literal of SQL.
func quoteText(s string) string {
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

// CastTemplate implements [dialect.Caster].
func (sqliteDialect) CastTemplate(from, to dialect.Type, precision, scale int) string {
	switch {
	case to == from:
		return "$1"
	case to.IsInteger():
		return "CAST($1 AS INTEGER)"
	case to == dialect.TypeBool:
		return "(CAST($1 AS INTEGER) <> 0)"
	case to == dialect.TypeFloat:
		return "CAST($1 AS REAL)"
	case to == dialect.TypeDecimal && precision > 0:
		return "quintet_decimal($1, " + strconv.Itoa(precision) + ", " + strconv.Itoa(scale) + ", 'the result of Cast')"
	case to == dialect.TypeDecimal:
		return "CAST($1 AS NUMERIC)"
	case from == dialect.TypeDateTime && to.IsText():
		return "strftime('%Y-%m-%d %H:%M:%S', $1)"
	case to.IsText():
		return "CAST($1 AS TEXT)"
	case to == dialect.TypeDate:
		return "strftime('%Y-%m-%d', $1)"
	case to == dialect.TypeTime:
		return "strftime('%H:%M:%S', $1)"
	case to == dialect.TypeDateTime:
		return "strftime('%Y-%m-%d %H:%M:%S+00:00', $1)"
	}
	return ""
}
