// Package strict rejects ambiguous HTTP/1 requests before net/http sees them.
//
// Request smuggling uses requests that two programs parse differently: both a length and a chunked body, a folded
// line, a bare line feed, "chunked" in a spelling that only one of them accepts. Package net/http is careful, but it
// accepts some of them, and handlers cannot detect them any more. Listener puts a checker between the socket and
// http.Server:
//
//	listener, err := net.Listen("tcp", ":8000")
//	…
//	http.Serve(strict.Listener(listener, strict.Options{}), handler)
//
// The checker parses every byte and follows each body to its end, so that it knows where the next head begins. A
// rejected request gets its response (400, 414, 417, 431, 501 or 505 with "Connection: close") from the checker,
// never reaches a handler, and its connection is closed. A request that passes is parsed by net/http in the same way:
// the two cannot disagree.
//
// # Rejected requests
//
//   - the request line: other than METHOD SP TARGET SP HTTP/1.0 or HTTP/1.1 CRLF; a method that is
//     not a token or has more than 32 letters; HTTP/2 and other versions
//   - the target: bytes from 0x80, control characters, spaces, quotes, angle brackets, "#", a
//     backslash before the "?", "%" without two hex digits; "*" with another method than OPTIONS;
//     host:port with another method than CONNECT, and CONNECT with anything else; a whole URL whose
//     host is not that of the Host field. Other characters that RFC 3986 forbids but browsers send
//     ("[]{}|^`") pass.
//   - lines: a line feed without carriage return and vice versa, folded lines, control
//     characters, a space before the colon, a name that is not a token, and names with an underscore,
//     which CGI and WSGI programs treat as a hyphen
//   - Host: missing in HTTP/1.1, repeated, empty, or not a plain host with an optional port
//   - length: Content-Length and Transfer-Encoding together, either of them repeated, a length with a
//     sign, a list, a leading zero or more than 63 bits, a transfer coding other than exactly
//     "chunked", any in HTTP/1.0
//   - a repeated Content-Type; an Expect other than 100-continue
//   - chunks: a size that is not one to fifteen hex digits, spaces around it, malformed or long
//     extensions, missing line ends; trailers that would change the meaning of the request (length,
//     routing, credentials, cookies, …)
//   - more than the limits in Options
//
// With Options.FramingOnly only violations of the boundaries between requests are rejected.
//
// # Position
//
// The checker needs clear text: with TLS it is above it, see TLSListener. HTTP/2 connections pass, since frames have
// no such ambiguity. So does a connection that a handler hijacks to respond to an Upgrade or a CONNECT.
package strict
