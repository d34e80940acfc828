package schema

import (
	"database/sql/driver"
	"fmt"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/decimal"
)

// LongDecimal is a stored decimal of more digits than a float keeps, in plain notation. [Field.FitsDatabase] refuses it for
// databases that would round it.
type LongDecimal string

// Value returns the text, which the database reads as a number.
func (d LongDecimal) Value() (driver.Value, error) { return string(d), nil }

// FitsDatabase returns a [*ValueError] for a result of [Field.Encode] or [Field.Stored] that the database would round.
func (f *Field) FitsDatabase(stored any, d dialect.Dialect) error {
	long, ok := stored.(LongDecimal)
	if !ok || dialect.Has(d, dialect.ExactDecimals) {
		return nil
	}
	text := fmt.Sprintf("%s has more than %d significant digits, which the database %s would round", shortened(string(long)),
		decimal.MaxExact, d.Name())
	return f.unfit(string(long), text, message.New("max_digits", "Use at most {limit} digits.", message.Args{"limit": decimal.MaxExact}))
}

// decimalToDB returns a whole number or the nearest float, which keeps up to 15 significant digits, and a [LongDecimal] for
// a number with more of them.
func (f *Field) decimalToDB(v any) (any, error) {
	n, ok := decimalOf(v)
	if !ok {
		return nil, f.unfit(v, shortened(v)+" is not a number", message.New("invalid", "Enter a number, such as 12.50."))
	}
	if float, isFloat := v.(float64); isFloat && n.Significant() > decimal.MaxExact {
		return float, nil // a Go float has no more digits than the column keeps
	}
	if n.Significant() > decimal.MaxExact {
		return LongDecimal(n.String()), nil
	}
	if whole, ok := n.Int64(); ok {
		return whole, nil
	}
	return n.Float64(), nil
}

func decimalOf(v any) (decimal.Number, bool) {
	switch x := v.(type) {
	case string:
		return decimal.ParseScientific(x)
	case LongDecimal:
		return decimal.Parse(string(x))
	case float64:
		return decimal.FromFloat(x)
	case int64:
		return decimal.Parse(fmt.Sprint(x))
	}
	return decimal.Number{}, false
}

// fitDecimal reports digits that a decimal column has no room for. Floats are rounded by nature, and so they are to the
// column's decimal places.
func (f *Field) fitDecimal(v, plain any) (any, error) {
	if f.Precision <= 0 || plain == nil {
		return plain, nil
	}
	shown := shortened(plain)
	n, ok := decimalOf(plain)
	if text, isText := textOf(Indirect(v)); isText {
		shown = shortened(text)
		n, ok = decimal.ParseScientific(text)
	} else if ok && n.Scale() > f.Scale {
		n = n.Round(f.Scale)
		if _, long := plain.(LongDecimal); long {
			plain = LongDecimal(n.String())
		} else if whole, ok := n.Int64(); ok {
			plain = whole
		} else {
			plain = n.Float64()
		}
	}
	switch {
	case !ok:
		return plain, nil
	case n.Scale() > f.Scale:
		return nil, f.unfit(v, fmt.Sprintf("%s has more than %d decimal places", shown, f.Scale),
			message.Message{
				Code: "max_decimal_places", Text: "Use at most {limit} decimal place.", Plural: "Use at most {limit} decimal places.",
				Count: "limit", Args: message.Args{"limit": f.Scale},
			})
	case n.Whole() > f.Precision-f.Scale:
		return nil, f.unfit(v, fmt.Sprintf("%s has more than %d digits before the decimal point", shown, f.Precision-f.Scale),
			message.Message{
				Code: "max_whole_digits", Text: "Use at most {limit} digit before the decimal point.",
				Plural: "Use at most {limit} digits before the decimal point.",
				Count:  "limit", Args: message.Args{"limit": f.Precision - f.Scale},
			})
	}
	return plain, nil
}
