package accesslog

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/quintetgo/quintet/framework/server/exchange"
)

// combined appends a line in the format of nginx and Apache.
func (l *Log) combined(b []byte, x *exchange.Exchange) []byte {
	r := x.Request
	b = plain(b, client(x))
	b = append(b, " - - ["...)
	b = x.Start.AppendFormat(b, "02/Jan/2006:15:04:05 -0700")
	b = append(b, `] "`...)
	b = plain(b, r.Method)
	b = append(b, ' ')
	b = plain(b, target(x))
	b = append(b, ' ')
	b = plain(b, r.Proto)
	b = append(b, `" `...)
	b = strconv.AppendInt(b, int64(x.Status), 10)
	b = append(b, ' ')
	b = strconv.AppendInt(b, x.Size, 10)
	b = append(b, ` "`...)
	b = plain(b, withoutQuery(r.Referer()))
	b = append(b, `" "`...)
	b = plain(b, r.UserAgent())
	return append(b, '"', '\n')
}

// target returns the address of the request as it was sent, without its query.
func target(x *exchange.Exchange) string {
	if uri := x.Request.RequestURI; uri != "" {
		return withoutQuery(uri)
	}
	return x.Request.URL.EscapedPath()
}

func withoutQuery(address string) string {
	before, _, _ := strings.Cut(address, "?")
	return before
}

// plain appends text that cannot end its field: characters other than printable ASCII, quotes and backslashes are
// written as \xHH, and empty text as "-".
func plain(b []byte, text string) []byte {
	if text == "" {
		return append(b, '-')
	}
	const digits = "0123456789ABCDEF"
	for i := range len(text) {
		c := text[i]
		if c < ' ' || c >= 0x7f || c == '"' || c == '\\' {
			b = append(b, '\\', 'x', digits[c>>4], digits[c&15])
			continue
		}
		b = append(b, c)
	}
	return b
}

// line is a line of JSON.
type line struct {
	Time      string  `json:"time"`
	Client    string  `json:"client,omitempty"`
	Method    string  `json:"method"`
	Host      string  `json:"host"`
	Path      string  `json:"path"`
	Proto     string  `json:"proto"`
	Route     string  `json:"route,omitempty"`
	Status    int     `json:"status"`
	Size      int64   `json:"bytes"`
	Took      float64 `json:"took_ms"`
	Referer   string  `json:"referer,omitempty"`
	UserAgent string  `json:"user_agent,omitempty"`
	RequestID string  `json:"request_id,omitempty"`
}

func (l *Log) json(b []byte, x *exchange.Exchange) []byte {
	r, notes := x.Request, x.Notes()
	text, err := json.Marshal(line{
		Time: x.Start.UTC().Format(time.RFC3339Nano), Client: client(x), Method: r.Method, Host: r.Host, Path: target(x), Proto: r.Proto,
		Route: notes.Route, Status: x.Status, Size: x.Size, Took: float64(x.Took.Microseconds()) / 1000,
		Referer: withoutQuery(r.Referer()), UserAgent: r.UserAgent(), RequestID: notes.RequestID,
	})
	if err != nil { // strings and numbers always have a JSON form
		return b
	}
	return append(escaped(b, text), '\n')
}

// escaped appends JSON in ASCII. Other characters may be control characters of terminals, or reverse the direction of
// the line.
func escaped(b, text []byte) []byte {
	for len(text) > 0 {
		if c := text[0]; c < 0x7f {
			b = append(b, c)
			text = text[1:]
			continue
		}
		char, size := utf8.DecodeRune(text)
		text = text[size:]
		if first, second := utf16.EncodeRune(char); first != utf8.RuneError {
			b = fmt.Appendf(b, `\u%04x\u%04x`, first, second)
			continue
		}
		b = fmt.Appendf(b, `\u%04x`, char)
	}
	return b
}
