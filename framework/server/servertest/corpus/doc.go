// Package corpus is a collection of more than 400 raw requests, most of them malformed in a way that has been used
// for request smuggling, with the expected behavior of a strict server.
//
// Cases.Run sends each of them, followed by a harmless probe, and reports where requests and responses do not match.
// It needs to know how many requests reach the handler, which is wrapped in a Counter:
//
//	counter := corpus.NewCounter(handler)
//	… // serve counter
//	report, err := corpus.All().Run(ctx, servertest.Dialer("127.0.0.1:8000"), counter)
//	…
//	fmt.Println(report.Desynced())
//
// Only test your own servers.
package corpus
