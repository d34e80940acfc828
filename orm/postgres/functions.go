package postgres

import (
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
)

// functionTemplates are the functions that PostgreSQL writes in a way of its own. It has errors where a result is not defined,
// and functions that take no bigint.
var functionTemplates = map[dialect.Function]string{
	"now": "STATEMENT_TIMESTAMP()", "trunc_date": "CAST($1 AS date)", "trunc_time": "CAST(DATE_TRUNC('second', $1) AS time)",

	"ceil": "CEIL($1)", "floor": "FLOOR($1)", "sign": "CAST(SIGN($1) AS integer)",
	"acos": "CASE WHEN CAST($1 AS double precision) BETWEEN -1 AND 1 THEN ACOS($1) END",
	"asin": "CASE WHEN CAST($1 AS double precision) BETWEEN -1 AND 1 THEN ASIN($1) END",
	"atan": "ATAN($1)", "atan2": "ATAN2($1, $2)", "cos": "COS($1)", "sin": "SIN($1)", "tan": "TAN($1)",
	"cot":     "CASE WHEN $1 <> 0 THEN COT($1) END",
	"degrees": "DEGREES(CAST($1 AS double precision))", "radians": "RADIANS(CAST($1 AS double precision))",
	"exp": "EXP(CAST($1 AS double precision))", "pi": "PI()", "random": "RANDOM()",
	"ln":  "CASE WHEN $1 > 0 THEN LN(CAST($1 AS double precision)) END",
	"log": "CASE WHEN $1 > 0 AND $1 <> 1 AND $2 > 0 THEN LN(CAST($2 AS double precision)) / LN(CAST($1 AS double precision)) END",
	"power": "CASE WHEN $1 < 0 AND $2 <> TRUNC($2) OR $1 = 0 AND $2 < 0 THEN NULL " +
		"ELSE POWER(CAST($1 AS double precision), CAST($2 AS double precision)) END",
	"sqrt": "CASE WHEN $1 >= 0 THEN SQRT(CAST($1 AS double precision)) END",

	"md5": "MD5($1)", "sha1": "ENCODE(DIGEST($1, 'sha1'), 'hex')", "sha224": "ENCODE(SHA224(CONVERT_TO($1, 'UTF8')), 'hex')",
	"sha256": "ENCODE(SHA256(CONVERT_TO($1, 'UTF8')), 'hex')", "sha384": "ENCODE(SHA384(CONVERT_TO($1, 'UTF8')), 'hex')",
	"sha512": "ENCODE(SHA512(CONVERT_TO($1, 'UTF8')), 'hex')",

	"chr":    "CASE WHEN $1 BETWEEN 1 AND 1114111 AND $1 NOT BETWEEN 55296 AND 57343 THEN CHR(CAST($1 AS integer)) END",
	"concat": "CONCAT($*)", "length": "LENGTH($1)", "ord": "ASCII($1)", "reverse": "REVERSE($1)",
	"left": "LEFT($1, GREATEST(CAST($2 AS integer), 0))", "right": "RIGHT($1, GREATEST(CAST($2 AS integer), 0))",
	"lower": `LOWER($1 COLLATE "und-x-icu")`, "upper": `UPPER($1 COLLATE "und-x-icu")`,
	"lpad": "LPAD($1, CAST($2 AS integer), $3)", "rpad": "RPAD($1, CAST($2 AS integer), $3)",
	"repeat": "REPEAT($1, CAST($2 AS integer))", "replace": "REPLACE($1, $2, $3)", "str_index": "STRPOS($1, $2)",
	"substr": "SUBSTR($1, GREATEST(CAST($2 AS integer), 1), GREATEST(CAST($3 AS integer), 0))",
	"trim":   "BTRIM($1, ' ')", "ltrim": "LTRIM($1, ' ')", "rtrim": "RTRIM($1, ' ')",

	"uuid4": "GEN_RANDOM_UUID()",
	"uuid7": "CAST(ENCODE(SET_BIT(SET_BIT(OVERLAY(UUID_SEND(GEN_RANDOM_UUID()) PLACING SUBSTRING(INT8SEND(" +
		"CAST(FLOOR(EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) * 1000) AS bigint)) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex') AS uuid)",

	"ntile": "NTILE(CAST($1 AS integer))", "nth_value": "NTH_VALUE($1, CAST($2 AS integer))",

	"std_dev":         "CAST(STDDEV_POP($distinct$1)$over AS double precision)",
	"std_dev_sample":  "CAST(STDDEV_SAMP($distinct$1)$over AS double precision)",
	"variance":        "CAST(VAR_POP($distinct$1)$over AS double precision)",
	"variance_sample": "CAST(VAR_SAMP($distinct$1)$over AS double precision)",
	"any_value":       "(ARRAY_REMOVE(ARRAY_AGG($1), NULL))[1]",
}

// FunctionTemplate implements [dialect.FunctionTemplater].
func (postgresDialect) FunctionTemplate(c dialect.Call) string {
	switch c.Function {
	case "greatest", "least": // which skip NULL
		var null []string
		for i := range c.Args {
			null = append(null, "$"+strconv.Itoa(i+1)+" IS NULL")
		}
		return "CASE WHEN NOT (" + strings.Join(null, " OR ") + ") THEN " + strings.ToUpper(string(c.Function)) + "($*) END"
	case "round":
		if c.Result == dialect.TypeFloat {
			return "CAST(ROUND(CAST($1 AS numeric), CAST($2 AS integer)) AS double precision)"
		}
		if c.Result.IsInteger() {
			return "CAST(ROUND(CAST($1 AS numeric), CAST($2 AS integer)) AS bigint)"
		}
		return "ROUND($1, CAST($2 AS integer))"
	case "mod":
		if c.Result == dialect.TypeFloat {
			return "CAST(MOD(CAST($1 AS numeric), NULLIF(CAST($2 AS numeric), 0)) AS double precision)"
		}
		return "MOD($1, NULLIF($2, 0))"
	case "lag", "lead":
		name := strings.ToUpper(string(c.Function))
		if len(c.Args) == 3 {
			return name + "($1, CAST($2 AS integer), $3)"
		}
		return name + "($1, CAST($2 AS integer))"
	case "json_object":
		return "JSONB_BUILD_OBJECT($*)"
	case "json_array":
		return "JSONB_BUILD_ARRAY($*)"
	case "string_agg":
		return "STRING_AGG($distinct$1, " + quoteText(c.Text) + "$order)"
	}
	if unit, ok := strings.CutPrefix(string(c.Function), "trunc_"); ok && functionTemplates[c.Function] == "" {
		if c.Result == dialect.TypeTime {
			return "CAST(DATE_TRUNC('" + unit + "', CAST($1 AS interval)) AS time)"
		}
		return "CAST(DATE_TRUNC('" + unit + "', $1) AS " + typeNames[c.Result] + ")"
	}
	return functionTemplates[c.Function]
}

// quoteText returns a text as a literal of SQL.
func quoteText(s string) string {
	return "E'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'"
}

// CastTemplate implements [dialect.Caster].
func (postgresDialect) CastTemplate(from, to dialect.Type, precision, scale int) string {
	name := typeNames[to]
	if to == dialect.TypeDecimal && precision > 0 {
		name = "numeric(" + strconv.Itoa(precision) + ", " + strconv.Itoa(scale) + ")"
	}
	switch {
	case name == "":
		return ""
	case from == dialect.TypeDateTime && to.IsText():
		return "TO_CHAR($1, 'YYYY-MM-DD HH24:MI:SS')"
	case from == dialect.TypeBool && to.IsText():
		return "CASE $1 WHEN TRUE THEN '1' WHEN FALSE THEN '0' END"
	case to == dialect.TypeBool && !from.IsText() && from != dialect.TypeBool:
		return "($1 <> 0)"
	case from == dialect.TypeBool && to.IsInteger():
		return "CAST(CAST($1 AS integer) AS bigint)"
	case (from == dialect.TypeFloat || from == dialect.TypeDecimal) && to.IsInteger():
		return "CAST(TRUNC($1) AS bigint)"
	}
	return "CAST($1 AS " + name + ")"
}
