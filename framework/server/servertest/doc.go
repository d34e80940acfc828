// Package servertest tests servers, and the projects that run on them, with load and faults.
//
// Quintet's own server is tested with it; it works for any server:
//
//   - Load sends requests with unique ids from many clients, over kept and over new connections,
//     TCP or unix sockets, HTTP/1.1 or cleartext HTTP/2, and reports what was acknowledged, what
//     failed in which phase, and how long it took. With Rate it keeps sending at that rate even if
//     the server becomes slow.
//   - Proxy connects two programs and delays, throttles, freezes, resets or swallows the data
//     between them: faults of the network without a special kernel.
//   - Program and WebServer run the tested program, and a real nginx or Apache in front of it.
//
// Package attack has slow clients and HTTP/2 attacks, package corpus malformed requests.
//
// For example, a reload under load is tested like this:
//
//	load := servertest.Load{Dial: servertest.Dialer("unix:/run/shop.sock"), Duration: 10 * time.Second}
//	report, err := load.Run(ctx) // while another goroutine sends HUP to the server
//	…
//	fmt.Println(report)
//	fmt.Println(report.Lost(idsInTheDatabase), report.Doubled(idsInTheDatabase))
//
// Everything is limited in number and time, so that a server that hangs fails the test instead of blocking it. Only
// test your own servers.
package servertest
