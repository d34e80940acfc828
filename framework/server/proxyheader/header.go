package proxyheader

import (
	"bytes"
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

const (
	signature = "\r\n\r\n\x00\r\nQUIT\n" // of version 2
	prefix    = "PROXY "                 // of version 1

	maxLine    = 107     // size of a header of version 1 with its line end, in bytes
	fixed      = 16      // size of a header of version 2 before the addresses, in bytes
	maxVersion = 4 << 10 // size of the rest in bytes: the addresses and the extensions
)

// Errors of the beginning of a connection.
var (
	errMissing = errors.New("proxyheader: the connection of a trusted peer does not begin with a PROXY header")
	errBroken  = errors.New("proxyheader: malformed PROXY header")
)

// header is the information of a load balancer about a connection.
type header struct {
	client, server net.Addr // nil if they are those of the connection itself
}

// parse parses the header at the beginning of b and returns its length, or 0 if it is incomplete. The result does not
// depend on how the header is split into packets.
func parse(b []byte) (h header, length int, err error) {
	switch {
	case begins(b, prefix):
		return parseLine(b)
	case begins(b, signature):
		return parseBinary(b)
	}
	return header{}, 0, errMissing
}

// begins reports whether b is a prefix of text or begins with it.
func begins(b []byte, text string) bool {
	n := min(len(b), len(text))
	return string(b[:n]) == text[:n]
}

// parseLine parses a header of version 1.
func parseLine(b []byte) (header, int, error) {
	end := bytes.IndexByte(b[:min(len(b), maxLine)], '\n')
	if end < 0 {
		if len(b) >= maxLine {
			return header{}, 0, errBroken
		}
		return header{}, 0, nil
	}
	line, ok := strings.CutSuffix(string(b[:end]), "\r")
	if !ok || strings.Contains(line, "\r") {
		return header{}, 0, errBroken
	}
	words := strings.Split(line, " ")[1:]
	if words[0] == "UNKNOWN" { // whatever follows
		return header{}, end + 1, nil
	}
	if len(words) != 5 || words[0] != "TCP4" && words[0] != "TCP6" {
		return header{}, 0, errBroken
	}
	client, clientOK := parseAddress(words[1], words[3], words[0] == "TCP4")
	server, serverOK := parseAddress(words[2], words[4], words[0] == "TCP4")
	if !clientOK || !serverOK {
		return header{}, 0, errBroken
	}
	return header{client, server}, end + 1, nil
}

func parseAddress(host, port string, version4 bool) (net.Addr, bool) {
	addr, err := netip.ParseAddr(host)
	if err != nil || addr.Is4() != version4 || addr.Zone() != "" {
		return nil, false
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || len(port) > 1 && port[0] == '0' {
		return nil, false
	}
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(addr, uint16(n))), true
}

// families maps the address families of version 2 to the size of their addresses in bytes.
var families = map[byte]int{0x00: 0, 0x11: 12, 0x12: 12, 0x21: 36, 0x22: 36, 0x31: 216, 0x32: 216}

// parseBinary parses a header of version 2.
func parseBinary(b []byte) (header, int, error) {
	if len(b) < fixed {
		return header{}, 0, nil
	}
	const local, proxy = 0x20, 0x21
	command, family := b[12], b[13]
	rest := int(binary.BigEndian.Uint16(b[14:]))
	need, known := families[family]
	if command != local && command != proxy || !known || rest > maxVersion || command == proxy && rest < need {
		return header{}, 0, errBroken
	}
	if len(b) < fixed+rest {
		return header{}, 0, nil
	}
	addresses := b[fixed : fixed+rest]
	if command == local { // the rest has no meaning
		return header{}, fixed + rest, nil
	}
	if !soundExtensions(addresses[need:]) {
		return header{}, 0, errBroken
	}
	return headerOf(family>>4, addresses), fixed + rest, nil
}

// headerOf parses the addresses of a family of version 2.
func headerOf(family byte, b []byte) header {
	address := func(ip, port []byte) net.Addr {
		addr, _ := netip.AddrFromSlice(ip)
		return net.TCPAddrFromAddrPort(netip.AddrPortFrom(addr, binary.BigEndian.Uint16(port)))
	}
	switch family {
	case 1:
		return header{address(b[:4], b[8:]), address(b[4:8], b[10:])}
	case 2:
		return header{address(b[:16], b[32:]), address(b[16:32], b[34:])}
	case 3:
		// The path may be chosen by the client, and look like a network address.
		return header{client: &net.UnixAddr{Name: "@", Net: "unix"}}
	}
	return header{}
}

// soundExtensions reports whether b is a well-formed list of types, lengths and values.
func soundExtensions(b []byte) bool {
	for len(b) > 0 {
		if len(b) < 3 {
			return false
		}
		n := 3 + int(binary.BigEndian.Uint16(b[1:]))
		if len(b) < n {
			return false
		}
		b = b[n:]
	}
	return true
}
