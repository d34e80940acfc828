// Package servertest tries servers, and the projects that run on them, with load, faults and hostile
// requests.
//
// It holds the tools by which Quintet's own server is tested, for use on any project:
//
//   - Load sends requests with unique ids from many clients, over kept and over fresh connections,
//     TCP or unix sockets, HTTP/1.1 or cleartext HTTP/2, and reports what was acknowledged, what
//     failed in which phase, and how long it took. With Rate it keeps sending at that pace however
//     slow the server gets.
//   - Proxy stands between two programs and delays, throttles, freezes, resets or swallows what
//     passes: the network's faults without a special kernel.
//   - Corpus is a collection of more than 400 raw requests, most of them malformed in a way that has
//     been used for request smuggling. Its Run sends each of them followed by a harmless probe and
//     reports where requests and answers come out of step.
//   - Slow holds connections open as long as the server lets it, by sending heads or bodies or
//     reading answers very slowly.
//   - Flood attacks with HTTP/2, over cleartext or TLS, in the ways that have brought servers down:
//     streams that are reset, heads that do not end, answers that are not taken, fields that are
//     small on the wire and large in memory.
//
// A reload under load, for instance, is tried like this:
//
//	load := servertest.Load{Dial: servertest.Dialer("unix:/run/shop.sock"), Duration: 10 * time.Second}
//	report, err := load.Run(ctx) // while another goroutine sends HUP to the server
//	…
//	fmt.Println(report)
//	fmt.Println(report.Lost(idsInTheDatabase), report.Doubled(idsInTheDatabase))
//
// Everything is bounded in number and time, so that a server that hangs fails a test and does not
// hang it. Try only servers that are yours.
package servertest
