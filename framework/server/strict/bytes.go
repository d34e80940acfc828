package strict

// class is a set of the parts of a head in which a byte is allowed.
type class uint16

const (
	token   class = 1 << iota // methods, field names, chunk extensions; the underscore too
	value                     // field values: visible characters, spaces, tabs, bytes from 0x80
	path                      // targets before the "?", without "%"
	query                     // targets after it, without "%"
	host                      // hosts and their ports
	visible                   // neither space nor control character; includes bytes from 0x80
	hex
	digit
	alpha
)

// classes is a table of every byte's classes; it is not modified.
var classes = func() (table [256]class) {
	set := func(c class, chars string) {
		for _, char := range []byte(chars) {
			table[char] |= c
		}
	}
	const (
		digits  = "0123456789"
		letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	)
	set(alpha, letters)
	set(digit, digits)
	set(hex, digits+"abcdefABCDEF")
	set(token, letters+digits+"!#$%&'*+-.^_`|~")
	set(host, letters+digits+"-._~:[]")
	set(path|query, letters+digits+"-._~!$&'()*+,;=:@/"+"[]{}|^`")
	set(query, `?\`)
	for char := range 256 {
		if char == '\t' || char >= ' ' && char != 0x7f {
			table[char] |= value
		}
		if char > ' ' && char != 0x7f && char != '?' { // the scan of targets stops at these
			table[char] |= visible
		}
	}
	return table
}()

func (c class) has(char byte) bool { return classes[char]&c != 0 }

func lower(char byte) byte {
	if 'A' <= char && char <= 'Z' {
		return char + 'a' - 'A'
	}
	return char
}

func isSpace(char byte) bool { return char == ' ' || char == '\t' }
