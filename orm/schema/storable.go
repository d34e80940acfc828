package schema

import (
	"net/netip"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/quintetgo/quintet/framework/message"
)

// StorableText reports whether every database stores a text: it is valid UTF-8 without NUL characters.
func StorableText(text string) bool { return utf8.ValidString(text) && strings.IndexByte(text, 0) < 0 }

// StorableJSON reports whether every database stores the strings of a valid JSON document: none has a NUL character or
// half of a surrogate pair, which are written as escapes.
func StorableJSON(document string) bool {
	for i := 0; i < len(document); i++ {
		if document[i] != '\\' {
			continue
		}
		length := escapeLength(document[i:])
		if length == 0 {
			return false
		}
		i += length - 1
	}
	return true
}

// IPSize is the number of characters of the longest IP address, which is the size of its column.
const IPSize = 39

var addressType = reflect.TypeFor[netip.Addr]()

// ipText returns an address in its canonical form, in which equal addresses are equal texts. The zero address is "".
func (f *Field) ipText(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	address, err := netip.ParseAddr(text)
	if err != nil || address.Zone() != "" {
		return "", f.unfit(text, shortened(text)+" is not an IP address", message.New("invalid", "Enter a valid IP address."))
	}
	return address.String(), nil
}

// addressText returns the text of an address of any Go type, "" for none.
func addressText(v any) string {
	if address, ok := Indirect(v).(netip.Addr); ok && address.IsValid() {
		return address.String()
	}
	text, _ := textOf(Indirect(v))
	return text
}

// checkAddress reports a text that is no address, or one of another version than the field takes.
func (f *Field) checkAddress(text string) error {
	if _, err := f.ipText(text); err != nil || text == "" {
		return err
	}
	switch address, _ := netip.ParseAddr(text); {
	case f.IPVersion == 4 && !address.Is4():
		return f.unfit(text, shortened(text)+" is not an IPv4 address", message.New("invalid", "Enter a valid IPv4 address."))
	case f.IPVersion == 6 && address.Is4():
		return f.unfit(text, shortened(text)+" is not an IPv6 address", message.New("invalid", "Enter a valid IPv6 address."))
	}
	return nil
}
