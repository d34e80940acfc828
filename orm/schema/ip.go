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
	switch {
	case err != nil || address.Zone() != "":
		return "", f.unfit(text, shortened(text)+" is not an IP address", message.New("invalid", "Enter a valid IP address."))
	case f.IPVersion == 4 && !address.Is4():
		return "", f.unfit(text, shortened(text)+" is not an IPv4 address", message.New("invalid", "Enter a valid IPv4 address."))
	case f.IPVersion == 6 && address.Is4():
		return "", f.unfit(text, shortened(text)+" is not an IPv6 address", message.New("invalid", "Enter a valid IPv6 address."))
	}
	return address.String(), nil
}
