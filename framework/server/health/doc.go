// Package health responds to the probes of orchestrators and load balancers, ahead of the host check, the request
// limits and the log.
//
//	/livez     the process is alive; restart it otherwise
//	/readyz    it accepts traffic: it has started, is not stopping, and its checks pass
//	/startupz  it has started
//
// A probe gets "ok" with status 200, or 503 with one word for the reason. With ?verbose it gets JSON that names each
// check. The errors of checks are only logged: probes are open to everyone.
package health
