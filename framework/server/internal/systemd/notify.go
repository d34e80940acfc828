package systemd

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"time"
)

// Notifier sends datagrams of NAME=VALUE lines to the socket that NOTIFY_SOCKET names. The zero value,
// as one without such a socket, is silent. It is for one goroutine at a time.
type Notifier struct {
	address  string
	interval time.Duration // of the watchdog; 0 means none
	last     time.Time
}

// NewNotifier returns the notifier of this process, as its environment asks for it.
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

// Say sends lines, such as "READY=1\nSTATUS=serving". systemd that does not listen is no reason to fail.
func (n *Notifier) Say(lines string) {
	if n.address == "" {
		return
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: n.address, Net: "unixgram"})
	if err != nil {
		return
	}
	defer conn.Close()
	_ = conn.SetWriteDeadline(time.Now().Add(time.Second)) // nor is one whose queue is full
	_, _ = conn.Write([]byte(lines))
}

// Reloading says that a reload began, with the time that Type=notify-reload asks for.
func (n *Notifier) Reloading() {
	n.Say(fmt.Sprintf("RELOADING=1\nMONOTONIC_USEC=%d", monotonic()/1000))
}

// Watchdog sends the sign of life at half the interval that systemd asks for, while there is one: it is to be called more often.
func (n *Notifier) Watchdog(now time.Time, alive bool) {
	if n.interval > 0 && alive && now.Sub(n.last) >= n.interval {
		n.last = now
		n.Say("WATCHDOG=1")
	}
}
