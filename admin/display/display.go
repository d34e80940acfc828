// Package display formats field values for the pages of the admin: labels of booleans and choices, relative dates,
// grouped numbers, shortened texts, and the words that differ between two texts.
//
//	p := display.Printer{Limit: 120}
//	cell := p.Field(model.Lookup("created_at"), post) // "3 hours ago"
package display

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/quintetgo/quintet/orm/schema"
)

// The kinds of cells, which determine the markup.
const (
	None   = "none"   // there is no value
	Text   = "text"   // plain text, a link if URL is set
	Bool   = "bool"   // a labeled dot
	Choice = "choice" // the label of one of a few values
	Time   = "time"   // a date, or a relative time with the absolute one in Title
)

// Cell is one value as pages show it. Its texts are plain text, which templates escape.
type Cell struct {
	Kind    string // None, Text, Bool, Choice or Time
	Text    string
	Title   string // the complete text if Text is shortened, or the absolute time
	ISO     string // the time of a Time cell in RFC 3339
	URL     string // target of a Text cell that is a link
	Label   string // heading of the column
	True    bool   // value of a Bool cell
	Numeric bool   // the text is aligned at the end
}

// Printer formats values. The zero value formats times in UTC, relative to the current time, and shortens no text.
// It is safe for concurrent use.
type Printer struct {
	Location *time.Location   // time zone; nil for UTC
	Now      func() time.Time // the current time; nil for time.Now
	Limit    int              // characters beyond which text is shortened; 0 for no limit

	// Name returns the name of an object as the current user may see it. Default: the object's String as one line.
	Name func(model *schema.Model, obj any) string
}

// Object returns the name of an object as one visible line.
func (p Printer) Object(model *schema.Model, obj any) string {
	if p.Name != nil {
		return p.Name(model, obj)
	}
	return Line(model.Display(obj))
}

// Field formats the value of a field of obj. Many-to-many fields have no value: their objects are in another table.
func (p Printer) Field(f *schema.Field, obj any) Cell {
	return p.Value(f, f.Value(obj))
}

// Value formats v as a value of field f. f may be nil: v is formatted by its type then.
func (p Printer) Value(f *schema.Field, v any) Cell {
	v = indirect(v)
	if v == nil {
		return Cell{Kind: None, Numeric: f != nil && Numeric(f)}
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
		return boolCell(x)
	case time.Time:
		return p.time(kind, x)
	case time.Duration:
		return Cell{Kind: Text, Text: x.String(), Numeric: true}
	case []byte:
		if kind == schema.KindJSON {
			return p.text(string(x))
		}
		return Cell{Kind: Text, Text: byteCount(len(x))}
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
		return boolCell(rv.Bool())
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
		cell.Numeric = f != nil && Numeric(f)
		return cell
	case reflect.Map, reflect.Slice, reflect.Struct:
		if raw, err := json.Marshal(v); err == nil {
			return p.text(string(raw))
		}
	}
	return p.text(fmt.Sprint(v))
}

// text returns a cell of text. With a limit it is one line.
func (p Printer) text(s string) Cell {
	if !schema.Visible(s) {
		return Cell{Kind: None}
	}
	s = printable(s)
	if p.Limit <= 0 {
		return Cell{Kind: Text, Text: s}
	}
	line := Line(s)
	cut := Cut(line, p.Limit)
	cell := Cell{Kind: Text, Text: cut}
	if cut != line {
		cell.Title = Cut(Plain(line), 500)
	} else if len(line) > 32 {
		cell.Title = Plain(line) // a narrow column may shorten it further
	}
	return cell
}

// Cut shortens s to at most limit characters; the last one is an ellipsis if anything is cut off.
func Cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	n := 0
	for i := range s {
		if n == limit-1 {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == len(s)-i {
				return s
			}
			return strings.TrimRightFunc(s[:i], unicode.IsSpace) + "…"
		}
		n++
	}
	return s
}

func boolCell(yes bool) Cell {
	if yes {
		return Cell{Kind: Bool, Text: "Yes", True: true}
	}
	return Cell{Kind: Bool, Text: "No"}
}

// Numeric reports whether the values of f are aligned as numbers.
func Numeric(f *schema.Field) bool {
	return !f.HasChoices() && !f.Kind.IsRelation() && (f.Kind.IsNumber() || f.Kind == schema.KindDuration)
}

func byteCount(n int) string {
	if n == 1 {
		return "1 byte"
	}
	return Group(strconv.Itoa(n)) + " bytes"
}

// Group returns a decimal number with commas between the thousands: "1,274" for "1274". Digits after a point are
// not grouped.
func Group(number string) string {
	sign := ""
	if strings.HasPrefix(number, "-") {
		sign, number = "-", number[1:]
	}
	digits, fraction, point := strings.Cut(number, ".")
	if len(digits) > 4 || len(digits) == 4 && !point {
		var b strings.Builder
		for i, digit := range digits {
			if i > 0 && (len(digits)-i)%3 == 0 {
				b.WriteByte(',')
			}
			b.WriteRune(digit)
		}
		digits = b.String()
	}
	if point {
		digits += "." + fraction
	}
	return sign + digits
}

// indirect follows pointers. It returns nil for a nil pointer and for the zero time.
func indirect(v any) any {
	v = schema.Indirect(v)
	if t, ok := v.(time.Time); ok && t.IsZero() {
		return nil
	}
	return v
}
