package postgres

import (
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/quintetgo/quintet/orm/dialect"
)

// WriteList implements [dialect.ListWriter] with one array in PostgreSQL's notation, which takes the type of what is
// compared with it.
func (postgresDialect) WriteList(w *dialect.Writer, values []any) bool {
	text, ok := arrayText(values)
	if !ok {
		return false
	}
	w.Text(" = ANY (")
	w.Bind(text)
	w.Text(")")
	return true
}

// arrayText writes an array, and returns false for a value of a type that it does not know.
func arrayText(values []any) (string, bool) {
	b := []byte{'{'}
	for i, v := range values {
		if i > 0 {
			b = append(b, ',')
		}
		switch x := v.(type) {
		case int64:
			b = strconv.AppendInt(b, x, 10)
		case float64:
			b = strconv.AppendFloat(b, x, 'g', -1, 64)
		case bool:
			b = strconv.AppendBool(b, x)
		case time.Time:
			b = append(b, '"')
			b = x.UTC().AppendFormat(b, "2006-01-02 15:04:05.999999-07:00")
			b = append(b, '"')
		case string:
			b = appendQuoted(b, x)
		case []byte:
			b = append(b, `"\\x`...)
			b = hex.AppendEncode(b, x)
			b = append(b, '"')
		default:
			return "", false
		}
	}
	return string(append(b, '}')), true
}

// textArray writes an array of texts.
func textArray(list []string) string {
	b := []byte{'{'}
	for i, text := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendQuoted(b, text)
	}
	return string(append(b, '}'))
}

var arrayEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

func appendQuoted(b []byte, text string) []byte {
	b = append(b, '"')
	b = append(b, arrayEscapes.Replace(text)...)
	return append(b, '"')
}
