package middleware

import (
	"bufio"
	"bytes"
	"mime"
	"net/http"
	"net/textproto"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/web"
)

// maxPartHeader is the largest header of a part in bytes.
const maxPartHeader = 8 << 10

// fileCost is the memory in bytes that a file of a form takes besides its header.
const fileCost = 400

// parts follows a form with files while it is read: it counts the parts, and the bytes of those that
// are not files, of which package mime/multipart would read 10 MiB. It finds boundaries exactly as
// that package does, so that nothing passes uncounted.
type parts struct {
	boundary  string // with the dashes before it
	delimiter string // the boundary after the end of a line
	maxForm   int64  // 0 means no limit
	maxFields int    // 0 means no limit

	state   partState
	matched int    // bytes of the delimiter
	line    []byte // the end of the first boundary's line
	header  []byte
	reader  *bufio.Reader // of headers
	file    bool          // the current part is one
	count   int
	size    int64
}

type partState uint8

const (
	inPart        partState = iota // or before the first one
	afterBoundary                  // the next byte tells whether it was one
	afterDash                      // or the one after
	inBoundaryLine
	inPartHeader
	afterLast
)

func newParts(boundary string, maxForm int64, maxFields int) *parts {
	s := &parts{boundary: "--" + boundary, maxForm: max(0, maxForm), maxFields: max(0, maxFields), reader: bufio.NewReaderSize(nil, 512)}
	// Lines before the first boundary are skipped.
	s.delimiter, s.matched, s.file = "\n"+s.boundary, 1, true
	return s
}

// write takes the next bytes of the body.
func (s *parts) write(p []byte) *web.Error {
	for len(p) > 0 {
		n, err := s.step(p)
		if err != nil {
			return err
		}
		p = p[n:]
	}
	return nil
}

// step takes at least one byte, or changes the state.
func (s *parts) step(p []byte) (int, *web.Error) {
	switch s.state {
	case afterBoundary:
		switch p[0] {
		case ' ', '\t', '\r', '\n':
			s.state, s.line = inBoundaryLine, s.line[:0]
			return 0, nil
		case '-':
			s.state = afterDash
			return 1, nil
		}
		s.state = inPart
		return 0, nil
	case afterDash:
		s.state = inPart
		if p[0] == '-' {
			s.state = afterLast
		}
		return 0, nil
	case inBoundaryLine:
		return s.endBoundary(p)
	case inPartHeader:
		return s.readHeader(p)
	case afterLast:
		return len(p), nil
	}
	return s.readPart(p)
}

// readPart takes bytes up to the next boundary. The first byte of the delimiter is nowhere else in it.
func (s *parts) readPart(p []byte) (int, *web.Error) {
	n := 0
	for n < len(p) && s.matched < len(s.delimiter) {
		if s.matched == 0 {
			start := bytes.IndexByte(p[n:], s.delimiter[0])
			if start < 0 {
				n = len(p)
				break
			}
			n += start
		}
		switch p[n] {
		case s.delimiter[s.matched]:
			s.matched++
		case s.delimiter[0]:
			s.matched = 1
		default:
			s.matched = 0
		}
		n++
	}
	if s.matched == len(s.delimiter) {
		s.matched, s.state = 0, afterBoundary
	}
	if s.file {
		return n, nil
	}
	return n, s.add(n)
}

// endBoundary takes the rest of a boundary's line. That of the first tells how lines end.
func (s *parts) endBoundary(p []byte) (int, *web.Error) {
	for n, char := range p {
		switch {
		case char == '\n':
			newline := "\n"
			if bytes.HasSuffix(s.line, []byte("\r")) {
				newline = "\r\n"
			}
			if s.count == 0 {
				s.delimiter = newline + s.boundary
			}
			s.state, s.header = inPartHeader, s.header[:0]
			if s.count++; s.maxFields > 0 && s.count > s.maxFields {
				return 0, tooMany(s.maxFields, tooManyFields)
			}
			return n + 1, nil
		case s.count > 0: // anything but the end of the line is an error anyway
		case char == '\r' && len(s.line) == 0:
			s.line = append(s.line, char)
		case char != ' ' && char != '\t' || len(s.line) > 0: // before the first, it is a line like others
			s.state = inPart
			return n, nil
		}
	}
	return len(p), nil
}

// readHeader takes bytes of a part's header, up to the empty line at its end.
func (s *parts) readHeader(p []byte) (int, *web.Error) {
	for n, char := range p {
		if s.header = append(s.header, char); len(s.header) > maxPartHeader {
			return 0, &web.Error{
				Status: http.StatusBadRequest,
				Message: message.New(
					"max_size",
					"The request has a part whose header has more than {limit} bytes.",
					message.Args{"limit": maxPartHeader},
				),
			}
		}
		if char != '\n' || !endsHeader(s.header) {
			continue
		}
		cost := len(s.header)
		var err error
		if s.file, err = s.isFile(); err != nil {
			return 0, &web.Error{
				Status:  http.StatusBadRequest,
				Message: message.Text("The request has a part with a malformed header."),
				Err:     err,
			}
		}
		if s.file {
			cost += fileCost
		}
		s.state, s.matched = inPart, len(s.delimiter)-len(s.boundary) // of a part without content, the boundary may follow at once
		return n + 1, s.add(cost)
	}
	return len(p), nil
}

// endsHeader reports whether the last line of a header is empty.
func endsHeader(header []byte) bool {
	rest := bytes.TrimSuffix(header[:len(header)-1], []byte("\r"))
	return len(rest) == 0 || rest[len(rest)-1] == '\n'
}

// add counts bytes that are held in memory.
func (s *parts) add(n int) *web.Error {
	if s.size += int64(n); s.maxForm > 0 && s.size > s.maxForm {
		return bodyTooLarge(s.maxForm)
	}
	return nil
}

// ended reports whether the last boundary was read.
func (s *parts) ended() bool { return s.state == afterLast }

// isFile reports whether a part with that header is a file, by the rules of mime/multipart.
func (s *parts) isFile() (bool, error) {
	s.reader.Reset(bytes.NewReader(s.header))
	fields, err := textproto.NewReader(s.reader).ReadMIMEHeader()
	if err != nil {
		return false, err
	}
	_, params, err := mime.ParseMediaType(fields.Get("Content-Disposition"))
	return err == nil && params["filename"] != "", nil
}
