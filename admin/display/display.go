// Package display turns field values into what people read in the admin: labelled booleans, choice labels, relative
// dates, grouped numbers, and the words that differ between two texts.
package display

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/quintetgo/quintet/orm/schema"
)

// The kinds of cells; templates choose the markup by them.
const (
	None   = "none"   // there is no value
	Text   = "text"   // plain text, a link if URL is set
	Bool   = "bool"   // a labelled dot
	Choice = "choice" // the label of one of a few values
	Time   = "time"   // relative text with the absolute moment in Title
)

// Cell is one value, ready to be shown. All of it is plain text that the template escapes.
type Cell struct {
	Kind    string
	Text    string
	Title   string // the whole text where Text is cut, or the absolute date
	ISO     string // machine-readable moment of a Time cell
	URL     string // where a Text cell leads
	Label   string // name of the column
	True    bool   // of a Bool cell
	Numeric bool   // aligned at the end
}

// Printer formats values. The zero value formats dates in UTC relative to the current moment.
type Printer struct {
	Location *time.Location   // nil for UTC
	Now      func() time.Time // nil for time.Now
	Limit    int              // characters after which text is cut; 0 for never

	// Name names an object of a model, with regard to what the reader may see; nil for the object's own text.
	Name func(model *schema.Model, obj any) string
}

// Object is the name of an object: one line that always shows something.
func (p Printer) Object(model *schema.Model, obj any) string {
	if p.Name != nil {
		return p.Name(model, obj)
	}
	return Line(model.Display(obj))
}

// Field formats the value of field f of obj. Many-to-many fields show nothing: their objects are not in the row.
func (p Printer) Field(f *schema.Field, obj any) Cell {
	return p.Value(f, f.Value(obj))
}

// Value formats v as a value of field f; f may be nil for values that belong to no field.
func (p Printer) Value(f *schema.Field, v any) Cell {
	v = indirect(v)
	if v == nil {
		return Cell{Kind: None, Numeric: f != nil && numeric(f)}
	}
	if f != nil && f.HasChoices() {
		if label := f.ChoiceLabel(v); label != "" {
			return Cell{Kind: Choice, Text: label}
		}
	}
	kind := schema.KindUnknown
	if f != nil {
		kind = f.ColumnKind()
	}
	switch x := v.(type) {
	case bool:
		return boolean(x)
	case time.Time:
		return p.moment(kind, x)
	case time.Duration:
		return Cell{Kind: Text, Text: x.String(), Numeric: true}
	case []byte:
		if kind == schema.KindJSON {
			return p.text(string(x))
		}
		return Cell{Kind: Text, Text: size(len(x))}
	case json.RawMessage:
		return p.text(string(x))
	case fmt.Stringer:
		return p.text(x.String())
	case error:
		return p.text(x.Error())
	}
	return p.basic(f, v)
}

func (p Printer) basic(f *schema.Field, v any) Cell {
	rv := reflect.ValueOf(v)
	key := f != nil && (f.PrimaryKey || f.Kind.IsRelation())
	switch rv.Kind() {
	case reflect.Bool:
		return boolean(rv.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		text := strconv.FormatInt(rv.Int(), 10)
		if !key {
			text = Group(text)
		}
		return Cell{Kind: Text, Text: text, Numeric: true}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		text := strconv.FormatUint(rv.Uint(), 10)
		if !key {
			text = Group(text)
		}
		return Cell{Kind: Text, Text: text, Numeric: true}
	case reflect.Float32, reflect.Float64:
		return Cell{Kind: Text, Text: Group(strconv.FormatFloat(rv.Float(), 'f', -1, 64)), Numeric: true}
	case reflect.String:
		cell := p.text(rv.String())
		cell.Numeric = f != nil && numeric(f)
		return cell
	case reflect.Map, reflect.Slice, reflect.Struct:
		if raw, err := json.Marshal(v); err == nil {
			return p.text(string(raw))
		}
	}
	return p.text(fmt.Sprint(v))
}

// text makes a cell of one line.
func (p Printer) text(s string) Cell {
	if !schema.Visible(s) {
		return Cell{Kind: None}
	}
	s = whole(s)
	if p.Limit <= 0 {
		return Cell{Kind: Text, Text: s}
	}
	line := Line(s)
	cut := Cut(line, p.Limit)
	cell := Cell{Kind: Text, Text: cut}
	if cut != line {
		cell.Title = Cut(Plain(line), 500)
	} else if len(line) > 32 {
		cell.Title = Plain(line) // a narrow column may cut what fits the limit
	}
	return cell
}

// Cut shortens s to at most limit characters, with an ellipsis if something is missing.
func Cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	n := 0
	for i := range s {
		if n == limit-1 {
			rest := s[i:]
			if _, size := firstRune(rest); size == len(rest) {
				return s
			}
			return strings.TrimRightFunc(s[:i], unicode.IsSpace) + "…"
		}
		n++
	}
	return s
}

func firstRune(s string) (rune, int) {
	for i, r := range s {
		if i > 0 {
			return r, i
		}
	}
	return 0, len(s)
}

func boolean(yes bool) Cell {
	if yes {
		return Cell{Kind: Bool, Text: "Yes", True: true}
	}
	return Cell{Kind: Bool, Text: "No"}
}

func numeric(f *schema.Field) bool {
	return !f.HasChoices() && !f.Kind.IsRelation() && (f.Kind.IsNumber() || f.Kind == schema.KindDuration)
}

// Numeric reports whether values of f are aligned as numbers.
func Numeric(f *schema.Field) bool { return numeric(f) }

func size(n int) string {
	if n == 1 {
		return "1 byte"
	}
	return Group(strconv.Itoa(n)) + " bytes"
}

// Group puts a comma between the thousands of a decimal number.
func Group(number string) string {
	sign := ""
	if strings.HasPrefix(number, "-") {
		sign, number = "-", number[1:]
	}
	whole, rest, point := strings.Cut(number, ".")
	if len(whole) > 4 || len(whole) == 4 && !point {
		var b strings.Builder
		for i, digit := range whole {
			if i > 0 && (len(whole)-i)%3 == 0 {
				b.WriteByte(',')
			}
			b.WriteRune(digit)
		}
		whole = b.String()
	}
	if point {
		whole += "." + rest
	}
	return sign + whole
}

// indirect follows pointers; a nil pointer becomes nil, and so does the zero moment.
func indirect(v any) any {
	v = schema.Indirect(v)
	if t, ok := v.(time.Time); ok && t.IsZero() {
		return nil
	}
	return v
}
