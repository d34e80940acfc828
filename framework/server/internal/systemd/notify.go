package systemd

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"time"
)

// Notifier sends datagrams of NAME=VALUE lines to the socket in NOTIFY_SOCKET. The zero value, and one without such a
// socket, sends nothing. It is not safe for concurrent use.
type Notifier struct {
	address  string
	interval time.Duration // of the watchdog; 0 means none
	last     time.Time
}

// NewNotifier returns the notifier that the environment of this process describes.
func NewNotifier() Notifier {
	address := os.Getenv("NOTIFY_SOCKET")
	n := Notifier{address: address}
	if address != "" && address[0] == '@' {
		n.address = "\x00" + address[1:] // an abstract socket
	}
	usec, err := strconv.ParseInt(os.Getenv("WATCHDOG_USEC"), 10, 64)
	pid := os.Getenv("WATCHDOG_PID")
	if err == nil && usec > 0 && (pid == "" || pid == strconv.Itoa(os.Getpid())) {
		n.interval = time.Duration(usec) * time.Microsecond / 2
	}
	return n
}

// Send sends lines such as "READY=1\nSTATUS=serving". Errors are ignored: the server runs without systemd too.
func (n *Notifier) Send(lines string) {
	if n.address == "" {
		return
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: n.address, Net: "unixgram"})
	if err != nil {
		return
	}
	defer conn.Close()
	_ = conn.SetWriteDeadline(time.Now().Add(time.Second)) // nor is a full queue an error
	_, _ = conn.Write([]byte(lines))
}

// Reloading reports that a reload began, with the timestamp that Type=notify-reload requires.
func (n *Notifier) Reloading() {
	n.Send(fmt.Sprintf("RELOADING=1\nMONOTONIC_USEC=%d", monotonic()/1000))
}

// Watchdog sends a keep-alive at half the interval that systemd requests, while alive is true. Call it more often
// than that.
func (n *Notifier) Watchdog(now time.Time, alive bool) {
	if n.interval > 0 && alive && now.Sub(n.last) >= n.interval {
		n.last = now
		n.Send("WATCHDOG=1")
	}
}
