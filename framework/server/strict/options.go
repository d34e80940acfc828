package strict

import (
	"math"
	"net"
	"time"
)

// Options configures what is rejected. The zero value is strict, with the limits of Gunicorn. A negative limit means
// no limit.
type Options struct {
	MaxLine   int // size of the request line without its line end, in bytes; default: 4094
	MaxFields int // number of header fields of a request; default: 100
	MaxField  int // size of one field, name and value, without its line end, in bytes; default: 8190
	MaxHead   int // size of a whole head in bytes; default: 64 KiB. Set http.Server.MaxHeaderBytes to at least this

	// FramingOnly rejects only requests whose end is ambiguous: malformed request lines, line ends, field names,
	// lengths, transfer codings, chunks and trailers. The characters of a target, hosts, expectations, a repeated
	// Content-Type and names with an underscore are not checked, and of the limits only MaxHead has a default.
	// Default: false.
	FramingOnly bool

	AllowUnderscores bool // accepts names such as X_Token. A proxy or CGI program may treat them as X-Token
	AllowHTTP2       bool // accepts cleartext HTTP/2 (h2c with prior knowledge); set it if the server supports it

	Linger time.Duration // how long to read from a rejected client, so that it receives the response; default: 500 ms, negative: not at all

	// OnRefuse is called for every rejected request, for logs and metrics, from the connections' goroutines. It must
	// be safe for concurrent use, and should be fast. Default: nil.
	OnRefuse func(Refusal)
}

func (o Options) withDefaults() *Options {
	line, fields, field := 4094, 100, 8190
	if o.FramingOnly {
		o.AllowUnderscores = true
		line, fields, field = -1, -1, -1
	}
	for _, limit := range []struct {
		value    *int
		standard int
	}{{&o.MaxHead, 64 << 10}, {&o.MaxLine, line}, {&o.MaxFields, fields}, {&o.MaxField, field}} {
		if *limit.value == 0 {
			*limit.value = limit.standard
		}
		if *limit.value < 0 {
			*limit.value = math.MaxInt
		}
	}
	if o.FramingOnly {
		// A line longer than the whole head may be is not read to its end.
		o.MaxLine, o.MaxField = min(o.MaxLine, o.MaxHead), min(o.MaxField, o.MaxHead)
	}
	if o.Linger == 0 {
		o.Linger = 500 * time.Millisecond
	}
	return &o
}

// Refusal is the error of a rejected request.
type Refusal struct {
	Reason Reason
	Body   bool     // found in the body: the handler already had the request
	Field  string   // name of the invalid header field in lower case, cut at 32 bytes; "" if there is none
	Remote net.Addr // of the connection
}

// Error returns the reason as text.
func (r Refusal) Error() string {
	if r.Field != "" {
		return "rejected request: " + r.Reason.String() + " (field " + r.Field + ")"
	}
	return "rejected request: " + r.Reason.String()
}
