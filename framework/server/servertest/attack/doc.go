// Package attack tests how a server handles malicious clients.
//
//   - Slow holds connections open as long as the server allows it, by sending heads or bodies or
//     reading responses very slowly.
//   - Flood attacks with HTTP/2, over cleartext or TLS, in ways that have crashed servers:
//     streams that are reset, heads without end, responses that are not read, fields that are
//     small on the wire and large in memory.
//
// Run a servertest.Load beside an attack to check whether other clients are still served:
//
//	report, err := attack.Flood{Dial: servertest.Dialer(address), Kind: attack.RapidReset}.Run(ctx)
//
// Every attack is limited in number and time. Only attack your own servers.
package attack
