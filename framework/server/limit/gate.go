package limit

// Gate bounds the open connections of all listeners that share it (see Listener). While it is full no
// connection is accepted: clients wait in the kernel's queue, or are served by another process
// that shares the socket.
type Gate struct{ places chan struct{} }

// NewGate makes a gate for at most n connections, which must be positive.
func NewGate(n int) *Gate { return &Gate{places: make(chan struct{}, n)} }

// Open returns the number of connections that hold a place. It may be called at any time.
func (g *Gate) Open() int { return len(g.places) }

// take takes a place: at once if there is one, else when there is one, unless closed is closed first.
func (g *Gate) take(closed <-chan struct{}) bool {
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

// leave gives a place back.
func (g *Gate) leave() { <-g.places }
