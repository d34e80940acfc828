// Package servertest tries servers, and the projects that run on them, with load and faults.
//
// It holds the tools by which Quintet's own server is tested, for use on any project:
//
//   - Load sends requests with unique ids from many clients, over kept and over fresh connections,
//     TCP or unix sockets, HTTP/1.1 or cleartext HTTP/2, and reports what was acknowledged, what
//     failed in which phase, and how long it took. With Rate it keeps sending at that pace however
//     slow the server gets.
//   - Proxy stands between two programs and delays, throttles, freezes, resets or swallows what
//     passes: the network's faults without a special kernel.
//   - Program and WebServer run the program that is tried, and a real nginx or Apache in front of it.
//
// Package attack beside it has slow clients and attacks by HTTP/2, package corpus requests that are
// malformed.
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
