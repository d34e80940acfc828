// Package health answers the probes of orchestrators and load balancers in front of everything
// else: before the host check, the request limits and the log.
//
//	/livez     the process answers; restart it if it does not
//	/readyz    it wants traffic: it has started, it is not about to stop, and its checks pass
//	/startupz  it has started
//
// A probe gets "ok" with status 200, or 503 with one word for the reason. With ?verbose it gets JSON
// that names each check. Why a check fails is in the log only: probes are open to everyone.
package health
