// Package limit bounds what a server does: connections, concurrent requests, the queue in front of them and the time
// of each, and it reports when a worker process should be replaced.
//
// The parts are independent. Each wraps an http.Handler or a net.Listener, so that a part that is not used costs
// nothing.
package limit
