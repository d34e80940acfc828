//go:build unix

package master

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"time"
)

// notifier speaks systemd's sd_notify protocol: datagrams of NAME=VALUE lines to the socket that
// NOTIFY_SOCKET names. Without one it is silent.
type notifier struct {
	address  string
	interval time.Duration // of the watchdog; 0 means none
	last     time.Time
}

func newNotifier(address string) notifier {
	n := notifier{address: address}
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

// say sends lines. systemd that does not listen is no reason to fail.
func (n *notifier) say(lines string) {
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

// reloading says that a reload began, with the time that Type=notify-reload asks for.
func (n *notifier) reloading() {
	n.say(fmt.Sprintf("RELOADING=1\nMONOTONIC_USEC=%d", monotonic()/1000))
}

// watchdog sends the sign of life at half the interval that systemd asks for, while there is one.
func (n *notifier) watchdog(now time.Time, alive bool) {
	if n.interval > 0 && alive && now.Sub(n.last) >= n.interval {
		n.last = now
		n.say("WATCHDOG=1")
	}
}
