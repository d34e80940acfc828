// Package limit keeps a server within bounds: it bounds connections, requests at work, the queue
// in front of them and the time of each, and it tells when a worker process should be replaced.
//
// Every part stands alone and is an http.Handler or net.Listener around another one, so that what
// is not asked for costs nothing.
package limit
