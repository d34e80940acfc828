package schema

import (
	"net/netip"
	"reflect"

	"github.com/quintetgo/quintet/framework/message"
)

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
