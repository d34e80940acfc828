package autodetect

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/schema"
)

// ParseValue parses a backfill for a field of a kind: a number, true or false, a time (or "now"), or text, which is used as
// it is.
func ParseValue(kind schema.Kind, text string) (any, error) {
	switch kind {
	case schema.KindBigInt, schema.KindInt, schema.KindSmallInt, schema.KindUint:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || kind == schema.KindUint && n < 0 {
			return nil, fmt.Errorf("%q is not a whole number that the field can hold", text)
		}
		return n, nil
	case schema.KindBool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return nil, fmt.Errorf("%q is neither true nor false", text)
		}
		return b, nil
	case schema.KindFloat:
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, fmt.Errorf("%q is not a number", text)
		}
		return f, nil
	case schema.KindDecimal:
		if !isDecimal(text) {
			return nil, fmt.Errorf("%q is not a decimal number", text)
		}
		return text, nil
	case schema.KindDuration:
		t, err := time.ParseDuration(text)
		if err != nil {
			return nil, fmt.Errorf("%q is not a duration; write it as 1h30m", text)
		}
		return int64(t), nil
	case schema.KindDate, schema.KindTime, schema.KindDateTime:
		return parseTime(kind, text)
	case schema.KindUUID:
		plain := strings.ReplaceAll(text, "-", "")
		if raw, err := hex.DecodeString(plain); err != nil || len(raw) != 16 {
			return nil, fmt.Errorf("%q is not a UUID", text)
		}
		plain = strings.ToLower(plain)
		return strings.Join([]string{plain[:8], plain[8:12], plain[12:16], plain[16:20], plain[20:]}, "-"), nil
	case schema.KindJSON:
		if !json.Valid([]byte(text)) {
			return nil, fmt.Errorf("%q is not JSON; text needs double quotes", text)
		}
		return []byte(text), nil
	case schema.KindBinary:
		return []byte(text), nil
	}
	return text, nil
}

func parseTime(kind schema.Kind, text string) (any, error) {
	if strings.EqualFold(text, "now") {
		return operations.Now, nil
	}
	layouts := map[schema.Kind][]string{
		schema.KindDate:     {time.DateOnly},
		schema.KindTime:     {time.TimeOnly, "15:04"},
		schema.KindDateTime: {time.RFC3339, time.DateTime, time.DateOnly},
	}[kind]
	for _, layout := range layouts {
		if t, err := time.Parse(layout, text); err == nil {
			if kind == schema.KindDateTime {
				return t.UTC().Format(time.RFC3339), nil
			}
			return t.Format(layouts[0]), nil
		}
	}
	return nil, fmt.Errorf("%q is not a %s; write it as %s, or now", text, kind, layouts[0])
}

func isDecimal(text string) bool {
	digits, points := 0, 0
	for i, c := range text {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '.':
			points++
		case (c == '-' || c == '+') && i == 0:
		default:
			return false
		}
	}
	return digits > 0 && points < 2
}
