package corpus

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

//go:embed testdata/*.txt
var corpusFiles embed.FS

// Cases is a list of raw requests with the expected behavior of a strict server.
type Cases []Case

// Case is one or several raw requests on a connection.
type Case struct {
	Family, Name string
	Raw          []byte
	Want         Verdict
}

// String returns the case's name as "family/name".
func (c Case) String() string { return c.Family + "/" + c.Name }

// Verdict is how a server handles a case. In a corpus file it is written as "pass 2" (two requests get responses and
// the connection stays open), "400" (rejected, the handler is not called), "body 400" (the handler is called, and the
// response is 400 since the body is invalid), "pass 1 then 400", "pass 1 then body 400", "pass 1 then closed"
// (without a response), or "cut" (the client disconnects in the middle; any response is accepted).
type Verdict struct {
	Pass   int  // requests with a response
	Status int  // status of the rejection that ends the connection; 0 if there is none
	Body   bool // the rejected request reached the handler
	Open   bool // the rejection did not end the connection, as behind a proxy; never expected
	Closed bool // the connection ended without a rejection
	Cut    bool // the client ends it
}

// String returns the verdict in the syntax of a corpus file.
func (v Verdict) String() string {
	var parts []string
	if v.Cut {
		return "cut"
	}
	if v.Pass > 0 {
		parts = append(parts, "pass "+strconv.Itoa(v.Pass))
	}
	if v.Status > 0 && v.Body {
		parts = append(parts, "body "+strconv.Itoa(v.Status))
	} else if v.Status > 0 {
		parts = append(parts, strconv.Itoa(v.Status))
	}
	if v.Open {
		parts = append(parts, "open")
	} else if v.Closed || len(parts) == 0 {
		parts = append(parts, "closed")
	}
	return strings.Join(parts, " then ")
}

func parseVerdict(text string) (v Verdict, err error) {
	if text == "cut" {
		return Verdict{Cut: true}, nil
	}
	for part := range strings.SplitSeq(text, " then ") {
		if part == "closed" {
			v.Closed = true
			continue
		}
		number, target := part, &v.Status
		if rest, ok := strings.CutPrefix(part, "pass "); ok {
			number, target = rest, &v.Pass
		} else if rest, ok := strings.CutPrefix(part, "body "); ok {
			number, v.Body = rest, true
		}
		if *target, err = strconv.Atoi(number); err != nil || *target <= 0 {
			return v, fmt.Errorf(`verdict %q: `+
				`it must be "pass N", "400", "body 400", "closed", two of them joined by " then ", or "cut"`, text)
		}
	}
	return v, nil
}

// All returns the built-in cases, sorted by family. Each call returns a new slice that the caller may change.
func All() Cases {
	names, err := fs.Glob(corpusFiles, "testdata/*.txt")
	if err != nil {
		panic("corpus: " + err.Error()) // the pattern is a constant
	}
	var cases Cases
	for _, name := range names {
		text, err := fs.ReadFile(corpusFiles, name)
		if err != nil {
			panic("corpus: " + err.Error()) // the file is embedded
		}
		family, err := Parse(strings.TrimSuffix(path.Base(name), ".txt"), string(text))
		if err != nil {
			panic("corpus: " + err.Error()) // a test reads all of them
		}
		cases = append(cases, family...)
	}
	return cases
}

// Family returns the cases of the named families.
func (c Cases) Family(names ...string) Cases {
	return slices.DeleteFunc(slices.Clone(c), func(c Case) bool { return !slices.Contains(names, c.Family) })
}

// Parse parses cases. A case begins with the line "-- name: verdict --"; text before the first one is a comment. The
// following lines hold the bytes to send: their ends in the file are ignored, so that long requests can be wrapped,
// and these escapes stand for others:
//
//	\r \n \t \\   as in Go
//	\0            the byte zero
//	\xE9          the byte with that number
//	\{40*text}    text, forty times; it may contain all of these escapes
func Parse(family, text string) (Cases, error) {
	var cases Cases
	for number, line := range strings.Split(text, "\n") {
		if heading, ok := strings.CutPrefix(line, "-- "); ok {
			heading, ok = strings.CutSuffix(heading, " --")
			name, text, found := strings.Cut(heading, ": ")
			if !ok || !found || name == "" {
				return nil, fmt.Errorf(`corpus %s, line %d: %q is not a heading; it must be "-- name: verdict --"`, family, number+1, line)
			}
			want, err := parseVerdict(text)
			if err != nil {
				return nil, fmt.Errorf("corpus %s, line %d: %w", family, number+1, err)
			}
			if slices.ContainsFunc(cases, func(c Case) bool { return c.Name == name }) {
				return nil, fmt.Errorf("corpus %s, line %d: the case %q exists already", family, number+1, name)
			}
			cases = append(cases, Case{Family: family, Name: name, Want: want})
			continue
		}
		if len(cases) == 0 {
			continue
		}
		raw, rest, err := unescape(line, 0)
		if err == nil && rest != "" {
			err = fmt.Errorf("unexpected %q", rest)
		}
		if err != nil {
			return nil, fmt.Errorf("corpus %s, line %d: %w", family, number+1, err)
		}
		last := &cases[len(cases)-1]
		last.Raw = append(last.Raw, raw...)
	}
	return cases, nil
}

// maxRaw is the maximum size of one line after unescaping.
const maxRaw = 4 << 20

// unescape returns the bytes of text, inside a repetition up to its closing brace, and the rest of text.
func unescape(text string, depth int) (raw []byte, rest string, err error) {
	for text != "" {
		char := text[0]
		text = text[1:]
		if char == '}' && depth > 0 {
			return raw, text, nil
		}
		if char != '\\' {
			raw = append(raw, char)
			continue
		}
		if text == "" {
			return nil, "", fmt.Errorf(`a "\" at the end of the line`)
		}
		char, text = text[0], text[1:]
		switch char {
		case 'r', 'n', 't', '0', '\\':
			raw = append(raw, map[byte]byte{'r': '\r', 'n': '\n', 't': '\t', '0': 0, '\\': '\\'}[char])
		case 'x':
			if len(text) < 2 {
				return nil, "", fmt.Errorf(`\x requires two hexadecimal digits`)
			}
			value, err := strconv.ParseUint(text[:2], 16, 8)
			if err != nil {
				return nil, "", fmt.Errorf(`\x%s: two hexadecimal digits are required`, text[:2])
			}
			raw, text = append(raw, byte(value)), text[2:]
		case '{':
			count, after, found := strings.Cut(text, "*")
			times, err := strconv.Atoi(count)
			if !found || err != nil || times < 0 || depth > 3 {
				return nil, "", fmt.Errorf(`\{%s: it must be \{NUMBER*TEXT}, nested at most four times`, count)
			}
			var piece []byte
			if piece, text, err = unescape(after, depth+1); err != nil {
				return nil, "", err
			}
			if len(piece)*times > maxRaw {
				return nil, "", fmt.Errorf(`\{%s*…} has more than %d bytes`, count, maxRaw)
			}
			raw = append(raw, slices.Repeat(piece, times)...)
		default:
			return nil, "", fmt.Errorf(`unknown escape \%c; the escapes are \r \n \t \0 \\ \xHH and \{N*TEXT}`, char)
		}
	}
	if depth > 0 {
		return nil, "", fmt.Errorf(`a \{ without its }`)
	}
	return raw, "", nil
}
