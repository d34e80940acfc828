package strict_test

import (
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/server/strict"
)

const host = "Host: a\r\n"

// accepted maps input to the number of requests in it.
var accepted = map[string]int{
	"GET / HTTP/1.1\r\nHost: a\r\n\r\n": 1,
	"GET / HTTP/1.0\r\n\r\n":            1,
	"GET /a%20b?q=%C3%A9&x=[1]{|}^`\\ HTTP/1.1\r\nHost: example.com:8000\r\n\r\n":                           1,
	"GET http://a/x HTTP/1.1\r\nHost: A\r\n\r\n":                                                            1,
	"GET HTTPS://a HTTP/1.1\r\nHost: a\r\n\r\n":                                                             1,
	"GET http://a?b HTTP/1.0\r\n\r\n":                                                                       1,
	"OPTIONS * HTTP/1.1\r\n" + host + "\r\n":                                                                1,
	"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n":                                                         1,
	"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n":                                                             1,
	"CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]\r\n\r\n":                                                     1,
	"GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n":                                                              1,
	"GET / HTTP/1.1\r\nhOsT:\ta \t\r\n\r\n":                                                                 1,
	"POST / HTTP/1.1\r\n" + host + "Content-Length: 5 \r\n\r\nhello":                                        1,
	"POST / HTTP/1.1\r\n" + host + "Content-Length: 0\r\n\r\n":                                              1,
	"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\n":                            1,
	"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n" + chunked:                           1,
	"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\nX-Sum: 1\r\n\r\n":                1,
	"POST / HTTP/1.1\r\n" + host + "Trailer: X-Sum, X-Other\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n": 1,
	"POST / HTTP/1.1\r\n" + host + "Expect: 100-Continue\r\nContent-Length: 2\r\n\r\nhi":                    1,
	"GET / HTTP/1.1\r\n" + host + "Content-Length: 2\r\n\r\nhiGET / HTTP/1.1\r\n" + host + "\r\n":           2,
	"GET / HTTP/1.1\r\n" + host + "X: caf\xe9 \xff\r\nEmpty:\r\n\r\n":                                       1,
	"POST / HTTP/1.1\r\n" + host + "Content-Length: 9223372036854775807\r\n\r\n":                            1,
}

const chunked = "5\r\nhello\r\n00A;a;b=c;d=\"e;\\\"f\"\r\n0123456789\r\n000;x\r\n\r\n"

// wrong maps input to the reason of its rejection.
var wrong = map[string]strict.Reason{
	"\r\nGET / HTTP/1.1\r\n" + host + "\r\n":                         strict.BadRequestLine,
	"\nGET / HTTP/1.1\r\n" + host + "\r\n":                           strict.BadRequestLine,
	" GET / HTTP/1.1\r\n" + host + "\r\n":                            strict.BadMethod,
	"G(T / HTTP/1.1\r\n" + host + "\r\n":                             strict.BadMethod,
	"GET\x00 / HTTP/1.1\r\n" + host + "\r\n":                         strict.BadMethod,
	"GET\r\n":                                                        strict.BadRequestLine,
	strings.Repeat("A", 33) + " / HTTP/1.1\r\n" + host + "\r\n":      strict.LongMethod,
	"GET  / HTTP/1.1\r\n" + host + "\r\n":                            strict.BadRequestLine,
	"GET /  HTTP/1.1\r\n" + host + "\r\n":                            strict.BadRequestLine,
	"GET / HTTP/1.1 \r\n" + host + "\r\n":                            strict.BadRequestLine,
	"GET\t/ HTTP/1.1\r\n" + host + "\r\n":                            strict.BadMethod,
	"GET /\tHTTP/1.1\r\n" + host + "\r\n":                            strict.BadTarget,
	"GET /\r\n":                                                      strict.BadRequestLine,
	"GET / \r\n":                                                     strict.BadRequestLine,
	"GET /\x00 HTTP/1.1\r\n":                                         strict.BadTarget,
	"GET /\x7f HTTP/1.1\r\n":                                         strict.BadTarget,
	"GET /\xc3\xa9 HTTP/1.1\r\n":                                     strict.BadTarget,
	"GET \xff HTTP/1.1\r\n":                                          strict.BadTarget,
	"GET /#x HTTP/1.1\r\n":                                           strict.BadTarget,
	"GET /\\ HTTP/1.1\r\n":                                           strict.BadTarget,
	"GET /<a> HTTP/1.1\r\n":                                          strict.BadTarget,
	"GET /% HTTP/1.1\r\n":                                            strict.BadTarget,
	"GET /%4 HTTP/1.1\r\n":                                           strict.BadTarget,
	"GET /?%zz HTTP/1.1\r\n":                                         strict.BadTarget,
	"GET * HTTP/1.1\r\n":                                             strict.BadTargetForm,
	"OPTIONS *a HTTP/1.1\r\n":                                        strict.BadTargetForm,
	"GET a:80 HTTP/1.1\r\n":                                          strict.BadTargetForm,
	"GET ?a HTTP/1.1\r\n":                                            strict.BadTargetForm,
	"GET ftp://a/ HTTP/1.1\r\n":                                      strict.BadTargetForm,
	"GET http:/a HTTP/1.1\r\n":                                       strict.BadTargetForm,
	"GET httpss://a HTTP/1.1\r\n":                                    strict.BadTargetForm,
	"GET http:/// HTTP/1.1\r\n":                                      strict.BadHost,
	"GET http://u@a/ HTTP/1.1\r\n":                                   strict.BadTarget,
	"GET http://a/ HTTP/1.1\r\nHost: b\r\n":                          strict.HostMismatch,
	"GET http://a:80/ HTTP/1.1\r\nHost: a\r\n":                       strict.HostMismatch,
	"CONNECT / HTTP/1.1\r\n":                                         strict.BadTargetForm,
	"CONNECT a HTTP/1.1\r\n":                                         strict.BadHost,
	"CONNECT a:443 HTTP/1.1\r\nHost: b:443\r\n":                      strict.HostMismatch,
	"CONNECT a:443 HTTP/1.1\r\nContent-Length: 3\r\n":                strict.LengthInConnect,
	"GET / HTTP/2.0\r\n":                                             strict.BadVersion,
	"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n":                               strict.BadTargetForm,
	"GET / HTTP/1.2\r\n":                                             strict.BadVersion,
	"GET / HTTP/0.9\r\n":                                             strict.BadVersion,
	"GET / http/1.1\r\n":                                             strict.BadRequestLine,
	"GET / HTTP/1\r\n":                                               strict.BadRequestLine,
	"GET / HTTP/1.10\r\n":                                            strict.BadRequestLine,
	"GET / HTTP/1.1\n" + host + "\r\n":                               strict.BadLineEnd,
	"GET / HTTP/1.1\r" + host + "\r\n":                               strict.BadLineEnd,
	"GET / HTTP/1.1\r\nHost: a\n\r\n":                                strict.BadLineEnd,
	"GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n":                        strict.BadLineEnd,
	"GET / HTTP/1.1\r\n" + host + "\n":                               strict.BadLineEnd,
	"GET / HTTP/1.1\r\n" + host + "\r\r\n":                           strict.BadLineEnd,
	"GET / HTTP/1.1\r\n" + host + "X: a\x00b\r\n":                    strict.ControlCharacter,
	"GET / HTTP/1.1\r\n" + host + "X: a\x7fb\r\n":                    strict.ControlCharacter,
	"GET / HTTP/1.1\r\n" + host + "X: a\x1bb\r\n":                    strict.ControlCharacter,
	"GET / HTTP/1.1\r\n " + host + "\r\n":                            strict.FoldedLine,
	"GET / HTTP/1.1\r\n" + host + "X: a\r\n\tb\r\n":                  strict.FoldedLine,
	"GET / HTTP/1.1\r\nHost : a\r\n":                                 strict.BadFieldName,
	"GET / HTTP/1.1\r\nHost\r\n":                                     strict.BadFieldName,
	"GET / HTTP/1.1\r\n: a\r\n":                                      strict.BadFieldName,
	"GET / HTTP/1.1\r\nX\xe9: a\r\n":                                 strict.BadFieldName,
	"GET / HTTP/1.1\r\nX(: a\r\n":                                    strict.BadFieldName,
	"GET / HTTP/1.1\r\nX_Y: a\r\n":                                   strict.Underscore,
	"GET / HTTP/1.1\r\n\r\n":                                         strict.MissingHost,
	"GET / HTTP/1.1\r\nHost:\r\n":                                    strict.BadHost,
	"GET / HTTP/1.0\r\nHost: \r\n":                                   strict.BadHost,
	"GET / HTTP/1.1\r\nHost: a b\r\n":                                strict.BadHost,
	"GET / HTTP/1.1\r\nHost: a,b\r\n":                                strict.BadHost,
	"GET / HTTP/1.1\r\nHost: a/b\r\n":                                strict.BadHost,
	"GET / HTTP/1.1\r\nHost: u@a\r\n":                                strict.BadHost,
	"GET / HTTP/1.1\r\nHost: a:\r\n":                                 strict.BadHost,
	"GET / HTTP/1.1\r\nHost: a:99999\r\n":                            strict.BadHost,
	"GET / HTTP/1.1\r\nHost: a:8a\r\n":                               strict.BadHost,
	"GET / HTTP/1.1\r\nHost: :80\r\n":                                strict.BadHost,
	"GET / HTTP/1.1\r\nHost: [::1\r\n":                               strict.BadHost,
	"GET / HTTP/1.1\r\nHost: [1.2.3.4]\r\n":                          strict.BadHost,
	"GET / HTTP/1.1\r\nHost: \xe9\r\n":                               strict.BadHost,
	"GET / HTTP/1.1\r\n" + host + host:                               strict.SecondHost,
	post("Content-Length: +5"):                                       strict.BadLength,
	post("Content-Length: -5"):                                       strict.BadLength,
	post("Content-Length: 5, 5"):                                     strict.BadLength,
	post("Content-Length: 5 5"):                                      strict.BadLength,
	post("Content-Length:"):                                          strict.BadLength,
	post("Content-Length: 05"):                                       strict.BadLength,
	post("Content-Length: 0x5"):                                      strict.BadLength,
	post("Content-Length: 5.0"):                                      strict.BadLength,
	post("Content-Length: 9223372036854775808"):                      strict.BadLength,
	post("Content-Length: 99999999999999999999"):                     strict.BadLength,
	post("Content-Length: 5\r\nContent-Length: 5"):                   strict.SecondLength,
	post("Content-Length: 5\r\ncontent-length: 6"):                   strict.SecondLength,
	post("Content-Length: 5\r\nTransfer-Encoding: chunked"):          strict.LengthAndCoding,
	post("Transfer-Encoding: chunked\r\nContent-Length: 5"):          strict.LengthAndCoding,
	post("Transfer-Encoding: gzip, chunked"):                         strict.UnknownCoding,
	post("Transfer-Encoding: identity"):                              strict.UnknownCoding,
	post("Transfer-Encoding: xchunked"):                              strict.UnknownCoding,
	post("Transfer-Encoding: chunked, chunked"):                      strict.UnknownCoding,
	post("Transfer-Encoding: \"chunked\""):                           strict.UnknownCoding,
	post("Transfer-Encoding: chunked;q=1"):                           strict.UnknownCoding,
	post("Transfer-Encoding: chunked\x0b"):                           strict.ControlCharacter,
	post("Transfer-Encoding: \x0bchunked"):                           strict.ControlCharacter,
	post("Transfer-Encoding:"):                                       strict.BadCoding,
	post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"): strict.SecondCoding,
	"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n":              strict.CodingInOldVersion,
	post("Content-Type: a/b\r\nContent-Type: a/b"):                   strict.SecondContentType,
	post("Expect: 200-ok"):                                           strict.UnknownExpectation,
	post("Trailer: Content-Length"):                                  strict.BadTrailer,
	post("Trailer: a b"):                                             strict.BadTrailer,
	chunks("\r\n"):                                                   strict.BadChunkSize,
	chunks("+5\r\nhello\r\n"):                                        strict.BadChunkSize,
	chunks("-1\r\n"):                                                 strict.BadChunkSize,
	chunks("0x5\r\nhello\r\n"):                                       strict.BadChunkSize,
	chunks(" 5\r\nhello\r\n"):                                        strict.BadChunkSize,
	chunks("5 \r\nhello\r\n"):                                        strict.BadChunkSize,
	chunks("5 ;a\r\nhello\r\n"):                                      strict.BadChunkSize,
	chunks("5\nhello\r\n"):                                           strict.BadChunkSize,
	chunks("5\rhello\r\n"):                                           strict.BadChunkSize,
	chunks("5_\r\nhello\r\n"):                                        strict.BadChunkSize,
	chunks("1000000000000000\r\n"):                                   strict.BadChunkSize,
	chunks("5;\r\nhello\r\n"):                                        strict.BadChunkExtension,
	chunks("5; a\r\nhello\r\n"):                                      strict.BadChunkExtension,
	chunks("5;a=\r\nhello\r\n"):                                      strict.BadChunkExtension,
	chunks("5;a=\"b\r\nhello\r\n"):                                   strict.BadChunkExtension,
	chunks("5;a\nhello\r\n"):                                         strict.BadChunkExtension,
	chunks("5;" + strings.Repeat("a", 256) + "\r\nhello\r\n"):        strict.BadChunkExtension,
	chunks("5\r\nhelloX\r\n"):                                        strict.BadChunkEnd,
	chunks("5\r\nhello\n0\r\n\r\n"):                                  strict.BadChunkEnd,
	chunks("5\r\nhello\rX"):                                          strict.BadChunkEnd,
	chunks("0\r\nContent-Length: 5\r\n\r\n"):                         strict.BadTrailer,
	chunks("0\r\nHost: b\r\n\r\n"):                                   strict.BadTrailer,
	chunks("0\r\nX-Forwarded-For: b\r\n\r\n"):                        strict.BadTrailer,
	chunks("0\r\nAuthorization: b\r\n\r\n"):                          strict.BadTrailer,
	chunks("0\r\nX: a\n\r\n"):                                        strict.BadLineEnd,
	chunks("0\r\n X: a\r\n\r\n"):                                     strict.FoldedLine,
	chunks("0\r\nX" + strings.Repeat("Y", 2100) + ": a\r\n\r\n"):     strict.LargeHead,
}

func post(fields string) string {
	return "POST / HTTP/1.1\r\n" + host + fields + "\r\n\r\n0\r\n\r\n"
}

func chunks(body string) string {
	return "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n" + body
}

// cuts are ways to split input into pieces.
var cuts = [][]int{nil, {1}, {2}, {3, 1}, {7}, {16, 1, 5}}

func TestGoodRequestsPass(t *testing.T) {
	t.Parallel()
	for input, want := range accepted {
		for _, cut := range cuts {
			if got := strict.Check([]byte(input), strict.Options{}, cut...); got.Reason != 0 || len(got.Requests) != want {
				t.Errorf("%q in pieces of %v: %d requests, refused for %q; want %d, none", input, cut, len(got.Requests), got.Reason, want)
			}
		}
	}
}

func TestWrongRequestsAreRefused(t *testing.T) {
	t.Parallel()
	for input, want := range wrong {
		for _, cut := range cuts {
			if got := strict.Check([]byte(input), strict.Options{}, cut...); got.Reason != want {
				t.Errorf("%q in pieces of %v: %q after %d bytes; want %q", input, cut, got.Reason, got.Good, want)
			}
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	line := func(size int) string { // a request line of size bytes
		const rest = "GET / HTTP/1.1"
		return "GET /" + strings.Repeat("a", size-len(rest)) + " HTTP/1.1\r\n"
	}
	field := func(size int) string { return "X: " + strings.Repeat("a", size-3) + "\r\n" }
	for name, c := range map[string]struct {
		input   string
		options strict.Options
		want    strict.Reason
	}{
		"line of 4094":          {line(4094) + host + "\r\n", strict.Options{}, 0},
		"line of 4095":          {line(4095) + host + "\r\n", strict.Options{}, strict.LongLine},
		"endless line":          {"GET /" + strings.Repeat("a", 10000), strict.Options{}, strict.LongLine},
		"own line limit":        {line(21) + host + "\r\n", strict.Options{MaxLine: 20}, strict.LongLine},
		"field of 8190":         {line(50) + host + field(8190) + "\r\n", strict.Options{}, 0},
		"field of 8191":         {line(50) + host + field(8191) + "\r\n", strict.Options{}, strict.LongField},
		"endless name":          {line(50) + strings.Repeat("a", 10000), strict.Options{}, strict.LongField},
		"100 fields":            {line(50) + host + strings.Repeat(field(9), 99) + "\r\n", strict.Options{}, 0},
		"101 fields":            {line(50) + host + strings.Repeat(field(9), 100) + "\r\n", strict.Options{}, strict.TooManyFields},
		"head of 64 KiB":        {line(50) + host + strings.Repeat(field(8000), 8) + "\r\n", strict.Options{}, 0},
		"head over 64 KiB":      {line(50) + host + strings.Repeat(field(8180), 8) + field(100) + "\r\n", strict.Options{}, strict.LargeHead},
		"underscores by option": {line(50) + host + "X_Y: a\r\n\r\n", strict.Options{AllowUnderscores: true}, 0},
	} {
		for _, cut := range cuts {
			if got := strict.Check([]byte(c.input), c.options, cut...); got.Reason != c.want {
				t.Errorf("%s in pieces of %v: %q after %d bytes; want %q", name, cut, got.Reason, got.Good, c.want)
			}
		}
	}
}

func TestReasonsHaveStatusLabelAndText(t *testing.T) {
	t.Parallel()
	labels := map[string]bool{}
	for reason := strict.BadRequestLine; reason <= strict.BadTrailer; reason++ {
		if reason.Status() < 400 || reason.String() == "" || labels[reason.Label()] || strings.Contains(reason.Label(), " ") {
			t.Errorf("reason %d: status %d, label %q, text %q", reason, reason.Status(), reason.Label(), reason.String())
		}
		labels[reason.String()] = true
	}
	if got := strict.Reason(0).Label() + strict.Reason(200).Label() + strict.Reason(200).String(); got != "nonenone" {
		t.Errorf("reasons that do not exist: %q", got)
	}
}
