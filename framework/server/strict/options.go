package strict

import (
	"math"
	"net"
	"time"
)

// Options says what is refused. The zero value is strict with Gunicorn's limits. A negative limit means
// no limit.
type Options struct {
	MaxLine   int // bytes of the request line without its line end; 0 means 4094
	MaxFields int // header fields of a request; 0 means 100
	MaxField  int // bytes of one field, name and value, without its line end; 0 means 8190
	MaxHead   int // bytes of a whole head; 0 means 64 KiB. Keep http.Server.MaxHeaderBytes at least as high

	// FramingOnly refuses only what makes it ambiguous where a request ends: malformed request lines, line
	// ends, field names, lengths, transfer codings, chunks and trailers. Which characters a target may
	// have, hosts, expectations, a second Content-Type and names with an underscore are left to the server,
	// and of the limits only MaxHead has a default.
	FramingOnly bool

	AllowUnderscores bool // lets names such as X_Token pass. A proxy or CGI program may take them for X-Token
	AllowHTTP2       bool // lets cleartext HTTP/2 (h2c with prior knowledge) pass; set it if the server speaks it

	Linger time.Duration // how long a refused client is listened to, so that it can read the answer; 0 means 500 ms, negative not at all

	// OnRefuse is told of every refused request, for logs and metrics. It is called from the
	// connections' goroutines, many at once, and should be quick. May be nil.
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
		// A line that is longer than the whole head may be is not read to its end.
		o.MaxLine, o.MaxField = min(o.MaxLine, o.MaxHead), min(o.MaxField, o.MaxHead)
	}
	if o.Linger == 0 {
		o.Linger = 500 * time.Millisecond
	}
	return &o
}

// Refusal says why a request was refused.
type Refusal struct {
	Reason Reason
	Body   bool     // found in the body: the handler already had the request
	Field  string   // the name of the header field at fault, in small letters and cut at 32 bytes; "" if there is none
	Remote net.Addr // of the connection
}

// Error returns the reason in words.
func (r Refusal) Error() string {
	if r.Field != "" {
		return "refused request: " + r.Reason.Text() + " (field " + r.Field + ")"
	}
	return "refused request: " + r.Reason.Text()
}
