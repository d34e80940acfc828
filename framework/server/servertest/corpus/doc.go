// Package corpus is a collection of more than 400 raw requests, most of them malformed in a way that
// has been used for request smuggling, with what a strict server does with each.
//
// Cases.Run sends each of them, followed by a harmless probe, and reports where requests and answers
// come out of step. It needs to know how many requests reach the handler, which stands inside of a
// Counter:
//
//	counter := corpus.NewCounter(handler)
//	… // serve counter
//	report, err := corpus.All().Run(ctx, servertest.Dialer("127.0.0.1:8000"), counter)
//	…
//	fmt.Println(report.Desynced())
//
// Try only servers that are yours.
package corpus
