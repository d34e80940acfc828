package sqlite

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/quintetgo/quintet/orm/dialect"
)

// ReadAs implements [dialect.ColumnReader]. Both drivers convert columns of these types, and one of them returns the year 1
// for a text that is no time. A plus sign makes an expression without a type, which comes as it is stored.
func (sqliteDialect) ReadAs(t dialect.Type) (before, after string) {
	if t.IsTime() {
		return "+", ""
	}
	return "", ""
}

// Assign implements [dialect.Assigner], as SQLite stores any number in any column.
func (sqliteDialect) Assign(w *dialect.Writer, to dialect.Assignment, write func() error) error {
	column := to.Table + "." + to.Column
	if to.Type == dialect.TypeDecimal {
		w.Text("quintet_decimal(")
		if err := write(); err != nil {
			return err
		}
		w.Text(fmt.Sprintf(", %d, %d, ", to.Precision, to.Scale))
		w.Bind(column)
		w.Text(")")
		return nil
	}
	w.Text("quintet_within(")
	if err := write(); err != nil {
		return err
	}
	integer := 1
	if to.Type == dialect.TypeFloat {
		integer = 0
	}
	w.Text(fmt.Sprintf(", %d, ", integer))
	w.Bind(to.Min)
	w.Text(", ")
	w.Bind(to.Max)
	w.Text(", ")
	w.Bind(column)
	w.Text(")")
	return nil
}

// Calculate implements [dialect.Calculator]. Decimals are binary fractions in SQLite: their results are rounded, as 0.1 +
// 0.2 is 0.3, and they are divided as such also where SQLite stores a whole number.
func (d sqliteDialect) Calculate(w *dialect.Writer, c dialect.Calculation) {
	after := ""
	if c.Type == dialect.TypeDecimal && c.Scale >= 0 && c.Operator != "%" {
		var before string
		before, after = d.Rounded(c.Scale)
		w.Text(before)
	}
	switch fraction := c.Type == dialect.TypeDecimal || c.Type == dialect.TypeFloat; {
	case c.Operator == "%" && fraction:
		w.Text("quintet_mod(")
		w.Put(c.Left)
		w.Text(", ")
	case c.Operator == "/" && c.Type == dialect.TypeDecimal:
		w.Text("(CAST(")
		w.Put(c.Left)
		w.Text(" AS REAL) / ")
	default:
		w.Text("(")
		w.Put(c.Left)
		w.Text(" " + c.Operator + " ")
	}
	w.Put(c.Right)
	w.Text(")")
	w.Text(after)
}

// Rounded implements [dialect.Calculator].
func (sqliteDialect) Rounded(scale int) (before, after string) {
	return "ROUND(", ", " + strconv.Itoa(scale) + ")"
}

// WriteList implements [dialect.ListWriter] with JSON arrays, which SQLite unpacks.
func (sqliteDialect) WriteList(w *dialect.Writer, values []any) bool {
	p, ok := pack(values)
	if !ok {
		return false
	}
	first := true
	each := func(value, list string) {
		if list == "" {
			return
		}
		if !first {
			w.Text(" UNION ALL ")
		}
		first = false
		w.Text("SELECT ")
		w.Text(value)
		w.Text(" FROM json_each(")
		w.Bind(list)
		w.Text(")")
	}
	w.Text(" IN (")
	each("value", p.plain)
	each("quintet_float(value)", p.floats)
	each("CAST(unhex(value) AS TEXT)", p.texts)
	each("unhex(value)", p.blobs)
	w.Text(")")
	return true
}

// packed is a list in JSON arrays: whole numbers and texts as they are, floats as texts, since SQLite does not read every
// digit of them, and texts and bytes that JSON cannot hold in hexadecimal.
type packed struct{ plain, floats, texts, blobs string }

// storedTime is how both drivers write points in time.
const storedTime = "2006-01-02 15:04:05.999999999-07:00"

func pack(values []any) (packed, bool) {
	var plain []any
	var floats, texts, blobs []string
	for _, v := range values {
		switch x := v.(type) {
		case int64:
			plain = append(plain, x)
		case float64:
			floats = append(floats, strconv.FormatFloat(x, 'g', -1, 64))
		case bool:
			n := int64(0)
			if x {
				n = 1
			}
			plain = append(plain, n)
		case time.Time:
			plain = append(plain, x.Format(storedTime))
		case string:
			if utf8.ValidString(x) && strings.IndexByte(x, 0) < 0 {
				plain = append(plain, x)
			} else {
				texts = append(texts, hex.EncodeToString([]byte(x)))
			}
		case []byte:
			blobs = append(blobs, hex.EncodeToString(x))
		default:
			return packed{}, false
		}
	}
	var p packed
	for _, part := range []struct {
		into  *string
		empty bool
		list  any
	}{
		{&p.plain, plain == nil, plain},
		{&p.floats, floats == nil, floats},
		{&p.texts, texts == nil, texts},
		{&p.blobs, blobs == nil, blobs},
	} {
		if part.empty {
			continue
		}
		text, err := json.Marshal(part.list)
		if err != nil {
			return packed{}, false
		}
		*part.into = string(text)
	}
	return p, true
}
