package strict

// maxExtension is the size of a chunk's extensions in bytes.
const maxExtension = 256

// body consumes bytes of a body.
func (s *scanner) body(b []byte) int {
	char := b[0]
	switch s.state {
	case inBody, inChunk:
		n := int(min(s.left, int64(len(b))))
		s.left -= int64(n)
		switch {
		case s.left > 0:
		case s.state == inBody:
			s.state = atEnd
		default:
			s.state = afterChunk
		}
		return n
	case inChunkSize:
		return s.scanChunkSize(char)
	case atChunkSizeEnd:
		return s.endChunkSize(char)
	case afterChunk:
		if char != '\r' {
			return s.refuse(BadChunkEnd, 0)
		}
		s.state = atChunkEnd
		return 1
	case atChunkEnd:
		if char != '\n' {
			return s.refuse(BadChunkEnd, 0)
		}
		s.beginChunkSize()
		return 1
	default:
		return s.scanExtension(char)
	}
}

func (s *scanner) beginChunkSize() {
	s.state, s.digits, s.extra, s.left = inChunkSize, 0, 0, 0
}

func (s *scanner) scanChunkSize(char byte) int {
	switch {
	case hex.has(char):
		if s.digits++; s.digits > 15 { // more would exceed 63 bits
			return s.refuse(BadChunkSize, 0)
		}
		s.left = s.left<<4 | unhex(char)
	case s.digits == 0:
		return s.refuse(BadChunkSize, 0)
	case char == ';':
		s.state = atExtension
	case char == '\r':
		s.state = atChunkSizeEnd
	default:
		return s.refuse(BadChunkSize, 0)
	}
	return 1
}

func (s *scanner) endChunkSize(char byte) int {
	if char != '\n' {
		return s.refuse(BadChunkSize, 0)
	}
	if s.left > 0 {
		s.state = inChunk
		return 1
	}
	s.trailer, s.state = true, atLine
	s.line, s.head, s.fields = 0, 0, 0
	return 1
}

// scanExtension consumes one byte after the ";" that follows a chunk's size: names, each with a token or a quoted
// string as its value, and no space outside the quotes.
func (s *scanner) scanExtension(char byte) int {
	if s.extra++; s.extra > maxExtension {
		return s.refuse(BadChunkExtension, 0)
	}
	ended := s.state == inExtension || s.state == inExtensionValue || s.state == afterQuoted
	switch {
	case s.state == inQuotedEscape && value.has(char) && char < 0x80:
		s.state = inQuoted
	case s.state == inQuoted && char == '"':
		s.state = afterQuoted
	case s.state == inQuoted && char == '\\':
		s.state = inQuotedEscape
	case s.state == inQuoted && value.has(char) && char < 0x80:
	case ended && char == '\r':
		s.state = atChunkSizeEnd
	case ended && char == ';':
		s.state = atExtension
	case s.state == inExtension && char == '=':
		s.state = atExtensionValue
	case s.state == atExtensionValue && char == '"':
		s.state = inQuoted
	case token.has(char) && (s.state == atExtension || s.state == inExtension):
		s.state = inExtension
	case token.has(char) && (s.state == atExtensionValue || s.state == inExtensionValue):
		s.state = inExtensionValue
	default:
		return s.refuse(BadChunkExtension, 0)
	}
	return 1
}

func unhex(char byte) int64 {
	if digit.has(char) {
		return int64(char - '0')
	}
	return int64(lower(char)-'a') + 10
}
