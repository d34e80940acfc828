// Package strict refuses ambiguous HTTP/1 requests before net/http sees them.
//
// Request smuggling lives on requests that two programs read differently: both a length and a
// chunked body, a folded line, a bare line feed, "chunked" spelled in a way that only one of them
// knows. Package net/http is careful, but it lets some of them pass, and handlers cannot see them
// any more. Listener puts a checker between the socket and http.Server:
//
//	listener, err := net.Listen("tcp", ":8000")
//	…
//	http.Serve(strict.Listener(listener, strict.Options{}), handler)
//
// The checker reads along, byte by byte, and follows every body to its end, so that it knows where
// the next head begins. A request that it does not like gets its answer (400, 414, 417, 431, 501 or
// 505 with "Connection: close") from the checker, never reaches a handler, and takes the connection
// with it. What it lets pass, net/http reads in the same way: the two can not come out of step.
//
// # What is refused
//
//   - the request line: other than METHOD SP TARGET SP HTTP/1.0 or HTTP/1.1 CRLF; a method that is
//     no token or has more than 32 letters; HTTP/2 and other versions
//   - the target: bytes from 0x80, control characters, spaces, quotes, angle brackets, "#", a
//     backslash before the "?", "%" without two hex digits; "*" with another method than OPTIONS;
//     host:port with another method than CONNECT, and CONNECT with anything else; a whole URL whose
//     host is not that of the Host field. Other characters that RFC 3986 forbids but browsers send
//     ("[]{}|^`") pass.
//   - lines: a line feed without carriage return and the other way round, folded lines, control
//     characters, a space before the colon, a name that is no token, and names with an underscore,
//     which CGI and WSGI programs take for a hyphen
//   - Host: missing in HTTP/1.1, twice, empty, or no plain host with an optional port
//   - length: Content-Length and Transfer-Encoding together, either of them twice, a length with a
//     sign, a list, a leading zero or more than 63 bits, a transfer coding other than exactly
//     "chunked", any in HTTP/1.0
//   - Content-Type twice; an Expect other than 100-continue
//   - chunks: a size that is not one to fifteen hex digits, spaces around it, malformed or long
//     extensions, missing line ends; trailers that would change the meaning of the request (length,
//     routing, credentials, cookies, …)
//   - more than the limits in Options
//
// With Options.FramingOnly less is refused: what is about the boundaries between requests.
//
// # Where it stands
//
// The checker needs the clear text: with TLS it stands above it, see TLSListener. HTTP/2 connections
// pass through, as frames have no such ambiguity. So does a connection that a handler hijacks to
// answer an Upgrade or a CONNECT.
package strict
