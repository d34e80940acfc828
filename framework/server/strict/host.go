package strict

import (
	"bytes"
	"net/netip"
)

// validHost reports whether text is a host name or address, followed by an optional colon and port. Names are not
// limited to those of the DNS: containers and tests use underscores.
func validHost(text []byte, needPort bool) bool {
	if len(text) == 0 || len(text) > 261 {
		return false
	}
	name, rest := text, []byte(nil)
	if text[0] == '[' {
		i := bytes.IndexByte(text, ']')
		if i < 0 {
			return false
		}
		if addr, err := netip.ParseAddr(string(text[1:i])); err != nil || !addr.Is6() || addr.Zone() != "" {
			return false
		}
		name, rest = nil, text[i+1:]
	} else if i := bytes.IndexByte(text, ':'); i >= 0 {
		name, rest = text[:i], text[i:]
		if i == 0 {
			return false
		}
	}
	for _, char := range name {
		if !host.has(char) || char == '[' || char == ']' {
			return false
		}
	}
	if len(rest) == 0 {
		return !needPort
	}
	return rest[0] == ':' && validPort(rest[1:])
}

func validPort(text []byte) bool {
	port := 0
	for _, char := range text {
		if !digit.has(char) {
			return false
		}
		if port = port*10 + int(char-'0'); port > 65535 {
			return false
		}
	}
	return len(text) > 0
}

// sameHost reports whether the Host field names the host of the target. For CONNECT, whose target always has a port,
// the field may omit it.
func (s *scanner) sameHost(field []byte) bool {
	target := s.authority[:s.authorityLength]
	if s.method == methodConnect && len(field) < len(target) && target[len(field)] == ':' {
		target = target[:len(field)]
		if bytes.IndexByte(field, ':') >= 0 && field[0] != '[' {
			return false
		}
	}
	if len(field) != len(target) {
		return false
	}
	for i := range field {
		if lower(field[i]) != lower(target[i]) {
			return false
		}
	}
	return true
}
