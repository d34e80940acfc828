package strict

// requestLine consumes bytes of the request line.
func (s *scanner) requestLine(b []byte) int {
	char := b[0]
	switch s.state {
	case atStart, inMethod:
		return s.scanMethod(b)
	case atTarget:
		return s.beginTarget(char)
	case inScheme:
		return s.scanScheme(char)
	case inSchemeSlashes:
		if char != '/' {
			return s.refuse(BadTargetForm, 0)
		}
		if s.nameLength++; s.nameLength == 2 {
			s.state = inAuthority
		}
		return 1
	case inAuthority:
		return s.scanAuthority(char)
	case inStar:
		if char != ' ' {
			return s.refuse(BadTargetForm, 0)
		}
		return s.beginVersion()
	case inTarget:
		return s.scanTarget(b)
	case inEscape, inSecondEscape:
		if !hex.has(char) {
			return s.refuse(BadTarget, 0)
		}
		if s.state++; s.state > inSecondEscape {
			s.state = inTarget
		}
		return 1
	case inVersion:
		return s.scanVersion(char)
	default: // atRequestLineEnd
		if !s.lineFeed(char) {
			return 0
		}
		return 1
	}
}

func (s *scanner) scanMethod(b []byte) int {
	s.state = inMethod
	for n, char := range b {
		switch {
		case char == ' ' && s.nameLength > 0:
			switch string(s.name[:s.nameLength]) {
			case "CONNECT":
				s.method = methodConnect
			case "HEAD":
				s.method = methodHead
			case "OPTIONS":
				s.method = methodOptions
			}
			s.state = atTarget
			return n + 1
		case char == '\r' || char == '\n':
			return s.refuse(BadRequestLine, n)
		case !token.has(char):
			return s.refuse(BadMethod, n)
		case s.nameLength == len(s.name):
			return s.refuse(LongMethod, n)
		}
		s.name[s.nameLength] = char
		s.nameLength++
	}
	return len(b)
}

func (s *scanner) beginTarget(char byte) int {
	s.nameLength = 0
	switch {
	case s.method == methodConnect:
		s.state = inAuthority
		return 0
	case char == '/':
		s.state = inTarget
	case char == '*' && s.method == methodOptions:
		s.state = inStar
	case alpha.has(char):
		s.state = inScheme
		return 0
	case char == ' ' || char == '\r' || char == '\n' || char == '\t':
		return s.refuse(BadRequestLine, 0)
	case char < ' ' || char >= 0x7f:
		return s.refuse(BadTarget, 0)
	default:
		return s.refuse(BadTargetForm, 0)
	}
	return 1
}

func (s *scanner) scanScheme(char byte) int {
	switch scheme := string(s.name[:s.nameLength]); {
	case char == ':' && (scheme == "http" || scheme == "https"):
		s.state, s.nameLength = inSchemeSlashes, 0
	case alpha.has(char) && s.nameLength < len("https"):
		s.name[s.nameLength] = lower(char)
		s.nameLength++
	default:
		return s.refuse(BadTargetForm, 0)
	}
	return 1
}

func (s *scanner) scanAuthority(char byte) int {
	connect := s.method == methodConnect
	switch {
	case char == ' ' || (char == '/' || char == '?') && !connect:
		if !s.options.FramingOnly && !validHost(s.authority[:s.authorityLength], connect) {
			return s.refuse(BadHost, 0)
		}
		if char == ' ' {
			return s.beginVersion()
		}
		s.state, s.inQuery = inTarget, char == '?'
	case char == '/' || char == '?':
		return s.refuse(BadTargetForm, 0)
	case !host.has(char):
		return s.refuse(BadTarget, 0)
	case s.authorityLength == len(s.authority):
		return s.refuse(BadHost, 0)
	default:
		s.authority[s.authorityLength] = char
		s.authorityLength++
	}
	return 1
}

func (s *scanner) scanTarget(b []byte) int {
	allowed := path
	switch {
	case s.options.FramingOnly:
		allowed = visible
	case s.inQuery:
		allowed = query
	}
	n := 0
	for n < len(b) && classes[b[n]]&allowed != 0 {
		n++
	}
	if n == len(b) {
		return n
	}
	switch char := b[n]; char {
	case '?':
		s.inQuery = true
	case '%':
		s.state = inEscape
	case ' ':
		return n + s.beginVersion()
	case '\r', '\n':
		return s.refuse(BadRequestLine, n)
	default:
		return s.refuse(BadTarget, n)
	}
	return n + 1
}

func (s *scanner) beginVersion() int {
	s.state, s.nameLength = inVersion, 0
	return 1
}

func (s *scanner) scanVersion(char byte) int {
	const form = "HTTP/1.1"
	switch {
	case s.nameLength == len(form):
		if char == '\n' {
			return s.refuse(BadLineEnd, 0)
		}
		if char != '\r' {
			return s.refuse(BadRequestLine, 0)
		}
		version := string(s.name[:len(form)])
		if s.old = version == "HTTP/1.0"; !s.old && version != form {
			return s.refuse(BadVersion, 0)
		}
		s.state = atRequestLineEnd
		return 1
	case char == form[s.nameLength], digit.has(form[s.nameLength]) && digit.has(char):
		s.name[s.nameLength] = char
		s.nameLength++
		return 1
	default:
		return s.refuse(BadRequestLine, 0)
	}
}
