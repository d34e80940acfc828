package limit

// Gate bounds the open connections of all listeners that share it (see Listener). While it is full no connection is
// accepted: clients wait in the kernel's queue, or are served by another process that shares the socket. It is safe
// for concurrent use.
type Gate struct{ places chan struct{} }

// NewGate returns a gate for at most n connections. It panics if n is negative; 0 accepts none.
func NewGate(n int) *Gate { return &Gate{places: make(chan struct{}, n)} }

// Open returns the number of connections that hold a place.
func (g *Gate) Open() int { return len(g.places) }

// acquire takes a place, and waits for one until closed is closed. It reports whether it got one.
func (g *Gate) acquire(closed <-chan struct{}) bool {
	select {
	case g.places <- struct{}{}:
		return true
	default:
	}
	select {
	case g.places <- struct{}{}:
		return true
	case <-closed:
		return false
	}
}

// release returns a place.
func (g *Gate) release() { <-g.places }
