package mysql

import (
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
)

// functionTemplates are the functions that MariaDB and MySQL write in a way of their own.
var functionTemplates = map[dialect.Function]string{
	"greatest": "GREATEST($*)", "least": "LEAST($*)",

	"now": "UTC_TIMESTAMP(6)", "trunc_date": "DATE($1)", "trunc_time": "CAST(TIME_FORMAT($1, '%H:%i:%s') AS TIME)",

	"ceil": "CEILING($1)", "floor": "FLOOR($1)", "sign": "SIGN($1)", "mod": "MOD($1, $2)",
	"acos": "ACOS($1)", "asin": "ASIN($1)", "atan": "ATAN($1)", "atan2": "ATAN2($1, $2)", "cos": "COS($1)", "sin": "SIN($1)",
	"tan": "TAN($1)", "cot": "CASE WHEN $1 <> 0 THEN COT($1) END", "degrees": "DEGREES($1)", "radians": "RADIANS($1)",
	"exp": "EXP($1)", "ln": "LN($1)", "log": "LOG($1, $2)", "pi": "(PI() + 0E0)", "random": "RAND()", "sqrt": "SQRT($1)",
	"power": "CASE WHEN NOT ($1 < 0 AND $2 <> TRUNCATE($2, 0) OR $1 = 0 AND $2 < 0) THEN POWER($1, $2) END",

	"md5": "MD5($1)", "sha1": "SHA1($1)", "sha224": "SHA2($1, 224)", "sha256": "SHA2($1, 256)", "sha384": "SHA2($1, 384)",
	"sha512": "SHA2($1, 512)",

	"chr": "CASE WHEN $1 BETWEEN 1 AND 1114111 AND $1 NOT BETWEEN 55296 AND 57343 " +
		"THEN CONVERT(CONVERT(UNHEX(LPAD(HEX($1), 8, '0')) USING utf32) USING utf8mb4) END",
	"ord": "CASE WHEN CHAR_LENGTH($1) = 0 THEN 0 " +
		"ELSE CAST(CONV(HEX(CONVERT(LEFT($1, 1) USING utf32)), 16, 10) AS SIGNED) END",
	"length": "CHAR_LENGTH($1)", "lower": "LOWER($1)", "upper": "UPPER($1)", "reverse": "REVERSE($1)",
	"left": "LEFT($1, GREATEST($2, 0))", "right": "RIGHT($1, GREATEST($2, 0))",
	"lpad":   "CASE WHEN CHAR_LENGTH($3) = 0 THEN LEFT($1, GREATEST($2, 0)) ELSE LPAD($1, GREATEST($2, 0), $3) END",
	"rpad":   "CASE WHEN CHAR_LENGTH($3) = 0 THEN LEFT($1, GREATEST($2, 0)) ELSE RPAD($1, GREATEST($2, 0), $3) END",
	"repeat": "REPEAT($1, $2)", "replace": "REPLACE($1, $2, $3)", "str_index": "LOCATE($2, $1 COLLATE utf8mb4_bin)",
	"substr": "SUBSTR($1, GREATEST($2, 1), GREATEST($3, 0))", "trim": "TRIM($1)", "ltrim": "LTRIM($1)", "rtrim": "RTRIM($1)",

	"uuid4": "LOWER(CONCAT(HEX(RANDOM_BYTES(4)), '-', HEX(RANDOM_BYTES(2)), '-4', SUBSTR(HEX(RANDOM_BYTES(2)), 2), '-', " +
		"SUBSTR('89AB', 1 + FLOOR(RAND() * 4), 1), SUBSTR(HEX(RANDOM_BYTES(2)), 2), '-', HEX(RANDOM_BYTES(6))))",
	"uuid7": "LOWER(CONCAT(LEFT(LPAD(HEX(FLOOR(UNIX_TIMESTAMP(NOW(3)) * 1000)), 12, '0'), 8), '-', " +
		"RIGHT(HEX(FLOOR(UNIX_TIMESTAMP(NOW(3)) * 1000)), 4), '-7', SUBSTR(HEX(RANDOM_BYTES(2)), 2), '-', " +
		"SUBSTR('89AB', 1 + FLOOR(RAND() * 4), 1), SUBSTR(HEX(RANDOM_BYTES(2)), 2), '-', HEX(RANDOM_BYTES(6))))",

	"any_value": "MIN($1)",
}

// spreads take no DISTINCT.
var spreads = map[dialect.Function]string{
	"std_dev": "STDDEV_POP($1)", "std_dev_sample": "STDDEV_SAMP($1)", "variance": "VAR_POP($1)", "variance_sample": "VAR_SAMP($1)",
}

// truncations are the formats of the start of a period.
var truncations = map[string]string{
	"year": "%Y-01-01 00:00:00", "month": "%Y-%m-01 00:00:00", "day": "%Y-%m-%d 00:00:00", "hour": "%Y-%m-%d %H:00:00",
	"minute": "%Y-%m-%d %H:%i:00", "second": "%Y-%m-%d %H:%i:%s",
}

// FunctionTemplate implements [dialect.FunctionTemplater].
func (mysqlDialect) FunctionTemplate(c dialect.Call) string {
	switch c.Function {
	case "round":
		if c.Result == dialect.TypeFloat { // which would be rounded half to even
			return "(0E0 + ROUND(CAST($1 AS DECIMAL(65, 20)), $2))"
		}
		return "ROUND($1, $2)"
	case "concat":
		return "CONCAT(" + eachArgument(c.Args, func(arg string, _ dialect.Type) string { return "COALESCE(" + arg + ", '')" }) + ")"
	case "json_array", "json_object":
		return strings.ToUpper(string(c.Function)) + "(" + eachArgument(c.Args, jsonArgument) + ")"
	case "lag", "lead":
		name := strings.ToUpper(string(c.Function))
		if len(c.Args) == 3 { // MariaDB has no value for missing rows
			return "CASE WHEN " + name + "(1, $2)$over IS NULL THEN $3 ELSE " + name + "($1, $2)$over END"
		}
	case "string_agg":
		return "GROUP_CONCAT($distinct$1$order SEPARATOR X'" + hex.EncodeToString([]byte(c.Text)) + "')"
	}
	if template := spreads[c.Function]; template != "" && !c.Distinct {
		return template
	}
	if unit, ok := strings.CutPrefix(string(c.Function), "trunc_"); ok && functionTemplates[c.Function] == "" {
		return truncation(unit, c.Result)
	}
	return functionTemplates[c.Function]
}

// truncation returns the start of a period.
func truncation(unit string, t dialect.Type) string {
	value, as := "", " AS DATETIME(6))"
	if t == dialect.TypeDate {
		as = " AS DATE)"
	}
	switch unit {
	case "quarter":
		value = "MAKEDATE(YEAR($1), 1) + INTERVAL QUARTER($1) * 3 - 3 MONTH"
	case "week":
		value = "DATE($1) - INTERVAL WEEKDAY($1) DAY"
	default:
		format := truncations[unit]
		if t == dialect.TypeTime {
			_, clock, _ := strings.Cut(format, " ")
			return "CAST(TIME_FORMAT($1, '" + clock + "') AS TIME)"
		}
		value = "DATE_FORMAT($1, '" + format + "')"
	}
	return "CAST(" + value + as
}

func eachArgument(types []dialect.Type, write func(arg string, t dialect.Type) string) string {
	parts := make([]string, len(types))
	for i, t := range types {
		parts[i] = write("$"+strconv.Itoa(i+1), t)
	}
	return strings.Join(parts, ", ")
}

// jsonArgument returns an argument as a value in JSON.
func jsonArgument(arg string, t dialect.Type) string {
	switch t {
	case dialect.TypeBool:
		return "JSON_EXTRACT(CASE WHEN " + arg + " THEN 'true' WHEN NOT " + arg + " THEN 'false' END COLLATE utf8mb4_bin, CHAR(36))"
	case dialect.TypeJSON:
		return "JSON_EXTRACT(" + arg + " COLLATE utf8mb4_bin, CHAR(36))"
	}
	if t.IsText() { // the arguments of one call have one collation
		return "(" + arg + " COLLATE utf8mb4_bin)"
	}
	return arg
}

// CastTemplate implements [dialect.Caster].
func (mysqlDialect) CastTemplate(from, to dialect.Type, precision, scale int) string {
	switch {
	case from == dialect.TypeDateTime && to.IsText():
		return "DATE_FORMAT($1, '%Y-%m-%d %H:%i:%s')"
	case to.IsText():
		return "CAST($1 AS CHAR)"
	case to.IsInteger() && (from == dialect.TypeFloat || from == dialect.TypeDecimal):
		return "CAST(TRUNCATE($1, 0) AS SIGNED)"
	case to.IsInteger():
		return "CAST($1 AS SIGNED)"
	case to == dialect.TypeBool:
		return "($1 <> 0)"
	case to == dialect.TypeFloat:
		return "(0E0 + $1)"
	case to == dialect.TypeDecimal && precision > 0:
		return "CAST($1 AS DECIMAL(" + strconv.Itoa(precision) + ", " + strconv.Itoa(scale) + "))"
	case to == dialect.TypeDecimal:
		return "CAST($1 AS DECIMAL(65, 30))"
	case to == dialect.TypeDate:
		return "DATE($1)"
	case to == dialect.TypeTime:
		return "TIME($1)"
	case to == dialect.TypeDateTime:
		return "CAST($1 AS DATETIME(6))"
	}
	return ""
}

// OrderNulls implements [dialect.NullsOrderer].
func (mysqlDialect) OrderNulls(w *dialect.Writer, value func() error, desc, first bool) error {
	if err := value(); err != nil {
		return err
	}
	w.Text(" IS NULL")
	if first {
		w.Text(" DESC")
	}
	w.Text(", ")
	if err := value(); err != nil {
		return err
	}
	if desc {
		w.Text(" DESC")
	}
	return nil
}
