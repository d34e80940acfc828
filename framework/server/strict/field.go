package strict

import "math"

// field is a set of header fields that the checker interprets.
type field uint8

const (
	fieldHost field = 1 << iota
	fieldLength
	fieldCoding
	fieldType
	fieldExpect
	fieldUpgrade
	fieldTrailer
)

// maxTrailers is less than net/http's buffer, in which all of them have to fit.
const maxTrailers = 2048

// field consumes bytes of header fields or trailers.
func (s *scanner) field(b []byte) int {
	char := b[0]
	switch s.state {
	case atLine:
		return s.beginLine(char)
	case inName:
		return s.scanName(b)
	case inValue:
		return s.scanValue(b)
	case atValueEnd:
		if char != '\n' {
			return s.refuse(BadLineEnd, 0)
		}
		if reason := s.validateField(); reason != 0 {
			return s.refuse(reason, 0)
		}
		if !s.lineFeed(char) {
			return 0
		}
	default: // atHeadEnd
		if !s.lineFeed(char) {
			return 0
		}
		s.finishHead()
		if s.reason != 0 {
			return 0
		}
	}
	return 1
}

func (s *scanner) beginLine(char byte) int {
	s.nameLength, s.valueLength, s.over, s.kind = 0, 0, false, 0
	switch {
	case char == '\r':
		s.state = atHeadEnd
		return 1
	case char == '\n':
		return s.refuse(BadLineEnd, 0)
	case isSpace(char):
		return s.refuse(FoldedLine, 0)
	}
	if s.fields++; s.fields > s.options.MaxFields {
		return s.refuse(TooManyFields, 0)
	}
	s.state = inName
	return 0
}

func (s *scanner) scanName(b []byte) int {
	for n, char := range b {
		switch {
		case char == ':' && s.nameLength > 0:
			if reason := s.classify(); reason != 0 {
				return s.refuse(reason, n)
			}
			s.state = inValue
			return n + 1
		case char == '_' && !s.options.AllowUnderscores:
			return s.refuse(Underscore, n)
		case !token.has(char):
			return s.refuse(BadFieldName, n)
		}
		if s.nameLength < len(s.name) {
			s.name[s.nameLength] = lower(char)
		}
		s.nameLength++
	}
	return len(b)
}

// fieldName returns the current field's name, cut to the stored length.
func (s *scanner) fieldName() []byte { return s.name[:min(s.nameLength, len(s.name))] }

// classify looks up a complete name; its result is the reason to reject the field before its value is known.
func (s *scanner) classify() Reason {
	if s.nameLength > len(s.name) {
		return 0
	}
	if s.trailer {
		if forbiddenTrailer(s.fieldName()) {
			return BadTrailer
		}
		return 0
	}
	var again Reason
	switch string(s.fieldName()) {
	case "host":
		s.kind, again = fieldHost, SecondHost
	case "content-length":
		s.kind, again = fieldLength, SecondLength
	case "transfer-encoding":
		s.kind, again = fieldCoding, SecondCoding
	case "content-type":
		s.kind, again = fieldType, SecondContentType
	case "expect":
		s.kind = fieldExpect
	case "upgrade":
		s.kind = fieldUpgrade
	case "trailer":
		s.kind = fieldTrailer
	default:
		return 0
	}
	if s.options.FramingOnly && s.kind&(fieldType|fieldExpect) != 0 {
		s.kind = 0
		return 0
	}
	if s.seen&s.kind != 0 && again != 0 {
		return again
	}
	s.seen |= s.kind
	switch framing := s.seen & (fieldLength | fieldCoding); {
	case framing == fieldLength|fieldCoding:
		return LengthAndCoding
	case framing != 0 && s.method == methodConnect:
		return LengthInConnect
	case framing == fieldCoding && s.old:
		return CodingInOldVersion
	}
	return 0
}

func (s *scanner) scanValue(b []byte) int {
	n := 0
	if s.kind == 0 {
		for n < len(b) && classes[b[n]]&value != 0 {
			n++
		}
	} else {
		for n < len(b) && classes[b[n]]&value != 0 {
			s.appendValue(b[n])
			n++
		}
	}
	if n == len(b) {
		return n
	}
	switch b[n] {
	case '\r':
		s.state = atValueEnd
		return n + 1
	case '\n':
		return s.refuse(BadLineEnd, n)
	default:
		return s.refuse(ControlCharacter, n)
	}
}

// appendValue stores a byte of an interpreted value, without the space before it.
func (s *scanner) appendValue(char byte) {
	switch {
	case s.valueLength == 0 && isSpace(char):
	case s.valueLength == len(s.value):
		s.over = s.over || !isSpace(char)
	default:
		s.value[s.valueLength] = char
		s.valueLength++
	}
}

// validateField checks the value of an interpreted field; its result is the reason to reject it.
func (s *scanner) validateField() Reason {
	for s.valueLength > 0 && isSpace(s.value[s.valueLength-1]) {
		s.valueLength--
	}
	text := s.value[:s.valueLength]
	switch s.kind {
	case fieldHost:
		if s.options.FramingOnly {
			break
		}
		if s.over || !validHost(text, false) {
			return BadHost
		}
		if s.authorityLength > 0 && !s.sameHost(text) {
			return HostMismatch
		}
	case fieldLength:
		return s.judgeLength(text)
	case fieldCoding:
		if len(text) == 0 {
			return BadCoding
		}
		if s.over || !equalFold(text, "chunked") {
			return UnknownCoding
		}
		s.chunked = true
	case fieldExpect:
		if s.over || !equalFold(text, "100-continue") {
			return UnknownExpectation
		}
	case fieldUpgrade:
		s.upgrade = true
	case fieldTrailer:
		if s.over || !allowedTrailers(text) {
			return BadTrailer
		}
	}
	return 0
}

func (s *scanner) judgeLength(text []byte) Reason {
	if s.over || len(text) == 0 || len(text) > 1 && text[0] == '0' {
		return BadLength
	}
	s.left = 0
	for _, char := range text {
		if !digit.has(char) || s.left > (math.MaxInt64-int64(char-'0'))/10 {
			return BadLength
		}
		s.left = s.left*10 + int64(char-'0')
	}
	return 0
}

// finishHead decides what follows the empty line.
func (s *scanner) finishHead() {
	switch {
	case s.trailer:
		s.state = atEnd
	case s.seen&fieldHost == 0 && !s.old:
		s.refuse(MissingHost, 0)
	case s.chunked:
		s.beginChunkSize()
	case s.left > 0:
		s.state = inBody
	default:
		s.state = atEnd
	}
}

func equalFold(text []byte, small string) bool {
	if len(text) != len(small) {
		return false
	}
	for i, char := range text {
		if lower(char) != small[i] {
			return false
		}
	}
	return true
}
