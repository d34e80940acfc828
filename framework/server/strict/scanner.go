package strict

// scanner follows the requests of one connection. It is fed the bytes in pieces of any size, keeps
// no reference to them, and comes to the same verdict however they are cut.
type scanner struct {
	options *Options
	state   state
	reason  Reason // set once refused

	line   int // bytes of the line so far, without its line feed
	head   int // bytes of the lines before it, of a head or of the trailers
	fields int

	method  method
	old     bool // HTTP/1.0
	inQuery bool
	seen    field // the fields so far that may stand only once
	kind    field // of the current line
	upgrade bool
	chunked bool
	trailer bool
	over    bool // the value did not fit
	digits  int
	extra   int   // bytes of a chunk's extensions
	left    int64 // bytes of the body, or of the chunk, that are still to come

	nameLength, valueLength, authorityLength int
	name                                     [32]byte  // the method, scheme, version, or field name in small letters
	value                                    [272]byte // of a field that matters here
	authority                                [272]byte // of a target that names a host
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

// verdict is what scan found.
type verdict uint8

const (
	more    verdict = iota // all is well so far
	end                    // a request ends after the returned number of bytes
	refused                // the byte after the returned number of bytes is the wrong one
)

// scan looks at bytes up to the end of a request and returns how many are good.
func (s *scanner) scan(b []byte) (int, verdict) {
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

// inHead reports whether the bytes that come next belong to a head: the request is not yet known.
func (s *scanner) inHead() bool { return s.state < inBody && !s.trailer }

// tunnel reports whether the last request asks for another protocol on the connection.
func (s *scanner) tunnel() bool { return s.upgrade || s.method == methodConnect }

func (s *scanner) reset() {
	s.state, s.line, s.head, s.fields = atStart, 0, 0, 0
	s.method, s.old, s.inQuery, s.seen, s.kind = otherMethod, false, false, 0, 0
	s.upgrade, s.chunked, s.trailer, s.over = false, false, false, false
	s.left, s.nameLength, s.valueLength, s.authorityLength = 0, 0, 0, 0
}

// refuse ends the scan; it returns n, the number of good bytes in the current step.
func (s *scanner) refuse(reason Reason, n int) int {
	s.reason = reason
	return n
}

// step takes at least one byte or changes the state.
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

// lineFeed takes the line feed after a carriage return and begins the next line.
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
	s.state, s.line = atLine, -1 // step adds the line feed itself
	return true
}
