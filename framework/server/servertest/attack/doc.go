// Package attack tries how a server bears clients that mean it harm.
//
//   - Slow holds connections open as long as the server lets it, by sending heads or bodies or
//     reading answers very slowly.
//   - Flood attacks with HTTP/2, over cleartext or TLS, in the ways that have brought servers down:
//     streams that are reset, heads that do not end, answers that are not taken, fields that are
//     small on the wire and large in memory.
//
// Run a servertest.Load beside an attack to see whether others are still served:
//
//	report, err := attack.Flood{Dial: servertest.Dialer(address), Kind: attack.RapidReset}.Run(ctx)
//
// Everything is bounded in number and time. Try only servers that are yours.
package attack
