package dialect

import (
	"strconv"
	"strings"
)

// Function is a function of SQL expressions. Its value is its name in packages functions, in snake case.
type Function string

// Call is a call of a function.
type Call struct {
	Function Function
	Args     []Type // of the arguments
	Result   Type
	Text     string // a constant that is a part of the function, such as a separator
	Distinct bool   // of an aggregate: each value once
	// Order writes the ORDER BY of an aggregate, and Over the OVER of a window function. Both may be nil.
	Order, Over func() error
}

// FunctionTemplater is implemented by dialects that have functions. Functions that no dialect writes differently are in
// [StandardFunctions].
type FunctionTemplater interface {
	// FunctionTemplate returns the SQL of a call, in which $1 is the first argument, $2 for the second, $* for all
	// of them with commas between, $distinct for "DISTINCT " in an aggregate, $order for the ORDER BY of one, and $over for its
	// OVER, which otherwise follows. It returns "" for a function that is not its own.
	//
	// A function is NULL if an argument is NULL, unless its documentation describes another result, and if its result is not defined,
	// such as the square root of a negative number.
	FunctionTemplate(c Call) string
}

// StandardFunctions are the functions that databases with FunctionTemplate write alike, unless a dialect has its own.
var StandardFunctions = map[Function]string{ //nolint:gochecknoglobals // a constant table
	"coalesce": "COALESCE($*)", "null_if": "NULLIF($1, $2)", "abs": "ABS($1)",
	"count": "COUNT($distinct$1)", "sum": "SUM($distinct$1)", "avg": "AVG($distinct$1)", "min": "MIN($1)", "max": "MAX($1)",
	"row_number": "ROW_NUMBER()", "rank": "RANK()", "dense_rank": "DENSE_RANK()", "percent_rank": "PERCENT_RANK()",
	"cume_dist": "CUME_DIST()", "ntile": "NTILE($1)", "lag": "LAG($*)", "lead": "LEAD($*)", "first_value": "FIRST_VALUE($1)",
	"last_value": "LAST_VALUE($1)", "nth_value": "NTH_VALUE($1, $2)",
}

// Call writes a call of a function. Each argument is a function that writes it, called once for each place in the
// template. It returns an [UnsupportedError] if the database has no such function.
func (w *Writer) Call(c Call, args []func() error) error {
	template := ""
	if t, ok := w.dialect.(FunctionTemplater); ok {
		template = t.FunctionTemplate(c)
	}
	if template == "" {
		template = StandardFunctions[c.Function]
	}
	if template == "" {
		return Unsupported(w.dialect, "the function "+string(c.Function))
	}
	if c.Over != nil && !strings.Contains(template, "$over") {
		template += "$over"
	}
	for {
		text, rest, found := strings.Cut(template, "$")
		w.Text(text)
		if !found {
			return nil
		}
		word := placeholder(rest)
		if err := w.fill(c, word, args); err != nil {
			return err
		}
		template = rest[len(word):]
	}
}

// fill writes the part of the call that a placeholder of a template names.
func (w *Writer) fill(c Call, word string, args []func() error) error {
	switch word {
	case "*":
		return w.all(args)
	case "distinct":
		if c.Distinct {
			w.Text("DISTINCT ")
		}
		return nil
	case "order":
		return writeOptional(c.Order)
	case "over":
		return writeOptional(c.Over)
	}
	n, err := strconv.Atoi(word)
	if err != nil || n < 1 || n > len(args) {
		return Unsupported(w.dialect, "this call of "+string(c.Function))
	}
	return args[n-1]()
}

func writeOptional(write func() error) error {
	if write == nil {
		return nil
	}
	return write()
}

// placeholder returns the word after a "$" in a template.
func placeholder(rest string) string {
	for _, word := range []string{"*", "distinct", "order", "over"} {
		if strings.HasPrefix(rest, word) {
			return word
		}
	}
	return rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
}

func (w *Writer) all(args []func() error) error {
	for i, arg := range args {
		if i > 0 {
			w.Text(", ")
		}
		if err := arg(); err != nil {
			return err
		}
	}
	return nil
}

// NullsOrderer is implemented by dialects of databases without NULLS FIRST and NULLS LAST.
type NullsOrderer interface {
	// OrderNulls writes a term of ORDER BY, with NULL before or after all values.
	OrderNulls(w *Writer, value func() error, desc, first bool) error
}

// OrderNulls writes a term of ORDER BY, with NULL before or after all values.
func (w *Writer) OrderNulls(value func() error, desc, first bool) error {
	if o, ok := w.dialect.(NullsOrderer); ok {
		return o.OrderNulls(w, value, desc, first)
	}
	if err := value(); err != nil {
		return err
	}
	if desc {
		w.Text(" DESC")
	}
	if first {
		w.Text(" NULLS FIRST")
	} else {
		w.Text(" NULLS LAST")
	}
	return nil
}

// Caster is implemented by dialects that convert values to a type.
type Caster interface {
	// CastTemplate returns the SQL that converts $1 from a type to another, or "" if the database cannot. Precision and
	// scale are those of a TypeDecimal.
	CastTemplate(from, to Type, precision, scale int) string
}

// Cast writes the conversion of a value to a type. It returns an [UnsupportedError] if the database cannot convert it.
func (w *Writer) Cast(from, to Type, precision, scale int, value func() error) error {
	template := ""
	if c, ok := w.dialect.(Caster); ok {
		template = c.CastTemplate(from, to, precision, scale)
	}
	if template == "" {
		return Unsupported(w.dialect, "the conversion of "+from.String()+" to "+to.String())
	}
	before, after, _ := strings.Cut(template, "$1")
	w.Text(before)
	if err := value(); err != nil {
		return err
	}
	w.Text(after)
	return nil
}
