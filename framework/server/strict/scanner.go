package strict

// scanner parses the requests of one connection. It accepts bytes in pieces of any size, keeps no reference to them,
// and its result does not depend on how they are split.
type scanner struct {
	options *Options
	state   state
	reason  Reason // set once rejected

	line   int // bytes of the line so far, without its line feed
	head   int // bytes of the previous lines, of a head or of the trailers
	fields int

	method  method
	old     bool // HTTP/1.0
	inQuery bool
	seen    field // fields so far that may appear only once
	kind    field // of the current line
	upgrade bool
	chunked bool
	trailer bool
	over    bool // the value was too long
	digits  int
	extra   int   // bytes of a chunk's extensions
	left    int64 // bytes of the body, or of the chunk, still expected

	nameLength, valueLength, authorityLength int
	name                                     [32]byte  // the method, scheme, version, or field name in lower case
	value                                    [272]byte // of an interpreted field
	authority                                [272]byte // of a target with a host
}

// state is what the scanner expects next.
type state uint8

const (
	atStart state = iota // the request line, in the order of its parts
	inMethod
	atTarget
	inStar
	inScheme
	inSchemeSlashes
	inAuthority
	inTarget
	inEscape
	inSecondEscape
	inVersion
	atRequestLineEnd
	atLine // header fields and trailers
	inName
	inValue
	atValueEnd
	atHeadEnd
	inBody // bodies
	inChunkSize
	atExtension
	inExtension
	atExtensionValue
	inExtensionValue
	inQuoted
	inQuotedEscape
	afterQuoted
	atChunkSizeEnd
	inChunk
	afterChunk
	atChunkEnd
	atEnd // of a request
)

type method uint8

const (
	otherMethod method = iota
	methodConnect
	methodHead
	methodOptions
)

// scanResult is the result of a scan.
type scanResult uint8

const (
	more    scanResult = iota // valid so far
	end                       // a request ends after the returned number of bytes
	refused                   // the byte after the returned number of bytes is invalid
)

// scan checks bytes up to the end of a request and returns how many are valid.
func (s *scanner) scan(b []byte) (int, scanResult) {
	if s.reason != 0 {
		return 0, refused
	}
	if s.state == atEnd {
		s.reset()
	}
	n := 0
	for n < len(b) {
		n += s.step(b[n:])
		switch {
		case s.reason != 0:
			return n, refused
		case s.state == atEnd:
			return n, end
		}
	}
	return n, more
}

// inHead reports whether the next bytes belong to a head: the request is not yet complete.
func (s *scanner) inHead() bool { return s.state < inBody && !s.trailer }

// tunnel reports whether the last request asks for another protocol on the connection.
func (s *scanner) tunnel() bool { return s.upgrade || s.method == methodConnect }

func (s *scanner) reset() {
	s.state, s.line, s.head, s.fields = atStart, 0, 0, 0
	s.method, s.old, s.inQuery, s.seen, s.kind = otherMethod, false, false, 0, 0
	s.upgrade, s.chunked, s.trailer, s.over = false, false, false, false
	s.left, s.nameLength, s.valueLength, s.authorityLength = 0, 0, 0, 0
}

// refuse ends the scan; it returns n, the number of valid bytes in the current step.
func (s *scanner) refuse(reason Reason, n int) int {
	s.reason = reason
	return n
}

// step consumes at least one byte or changes the state.
func (s *scanner) step(b []byte) int {
	if s.state >= inBody {
		return s.body(b)
	}
	limit, reason := s.options.MaxField, LongField
	if s.state < atLine {
		limit, reason = s.options.MaxLine, LongLine
	}
	if room := limit - s.line; room < len(b) {
		if b = b[:max(room, 1)]; room <= 0 && b[0] != '\r' && b[0] != '\n' {
			return s.refuse(reason, 0)
		}
	}
	var n int
	if s.state < atLine {
		n = s.requestLine(b)
	} else {
		n = s.field(b)
	}
	s.line += n
	return n
}

// lineFeed consumes the line feed after a carriage return and begins the next line.
func (s *scanner) lineFeed(char byte) bool {
	if char != '\n' {
		s.refuse(BadLineEnd, 0)
		return false
	}
	limit := s.options.MaxHead
	if s.trailer {
		limit = min(limit, maxTrailers)
	}
	if s.head += s.line + 1; s.head > limit {
		s.refuse(LargeHead, 0)
		return false
	}
	s.state, s.line = atLine, -1 // step counts the line feed itself
	return true
}
