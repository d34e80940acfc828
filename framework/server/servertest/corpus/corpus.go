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

// Cases is a list of raw requests with what a strict server does with each.
type Cases []Case

// Case is one or several raw requests on a connection.
type Case struct {
	Family, Name string
	Raw          []byte
	Want         Verdict
}

// String returns the case's name as "family/name".
func (c Case) String() string { return c.Family + "/" + c.Name }

// Verdict says what a server does with a case. In a corpus file it is written as "pass 2" (two
// requests are answered and the connection stays open), "400" (refused, the handler sees nothing),
// "body 400" (the handler has the request, and its answer is 400 as the body is wrong), "pass 1 then
// 400", "pass 1 then body 400", "pass 1 then closed" (without a word), or "cut" (the client leaves in
// the middle; any answer will do).
type Verdict struct {
	Pass   int  // requests that are answered
	Status int  // of the refusal that ends the connection; 0 if there is none
	Body   bool // the refused request reached the handler
	Open   bool // the refusal did not end the connection, as behind a proxy; never wanted
	Closed bool // the connection ended without a refusal
	Cut    bool // the client ends it
}

// String returns the verdict as it is written in a corpus file.
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
			return v, fmt.Errorf(`verdict %q: want "pass N", "400", "body 400", "closed", two of them joined by " then ", or "cut"`, text)
		}
	}
	return v, nil
}

// All returns the built-in cases, sorted by family. It is the same at every call; the caller
// may change it.
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

// Parse reads cases from a text. A case begins with the line "-- name: verdict --"; what
// stands before the first one is a comment. The lines below hold the bytes to send: their ends in
// the file mean nothing, so that long requests can be broken, and these stand for others:
//
//	\r \n \t \\   as in Go
//	\0            the byte zero
//	\xE9          the byte with that number
//	\{40*text}    text, forty times; it may hold all of these in turn
func Parse(family, text string) (Cases, error) {
	var cases Cases
	for number, line := range strings.Split(text, "\n") {
		if heading, ok := strings.CutPrefix(line, "-- "); ok {
			heading, ok = strings.CutSuffix(heading, " --")
			name, verdict, found := strings.Cut(heading, ": ")
			if !ok || !found || name == "" {
				return nil, fmt.Errorf(`corpus %s, line %d: %q is no heading; want "-- name: verdict --"`, family, number+1, line)
			}
			want, err := parseVerdict(verdict)
			if err != nil {
				return nil, fmt.Errorf("corpus %s, line %d: %w", family, number+1, err)
			}
			if slices.ContainsFunc(cases, func(c Case) bool { return c.Name == name }) {
				return nil, fmt.Errorf("corpus %s, line %d: there is a case %q already", family, number+1, name)
			}
			cases = append(cases, Case{Family: family, Name: name, Want: want})
			continue
		}
		if len(cases) == 0 {
			continue
		}
		raw, rest, err := unescape(line, 0)
		if err == nil && rest != "" {
			err = fmt.Errorf("%q is left over", rest)
		}
		if err != nil {
			return nil, fmt.Errorf("corpus %s, line %d: %w", family, number+1, err)
		}
		last := &cases[len(cases)-1]
		last.Raw = append(last.Raw, raw...)
	}
	return cases, nil
}

// maxRaw bounds what one line may grow to.
const maxRaw = 4 << 20

// unescape returns the bytes that text stands for; inside of a repetition up to its closing brace,
// and what comes after that.
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
				return nil, "", fmt.Errorf(`\x wants two hexadecimal digits`)
			}
			value, err := strconv.ParseUint(text[:2], 16, 8)
			if err != nil {
				return nil, "", fmt.Errorf(`\x%s: want two hexadecimal digits`, text[:2])
			}
			raw, text = append(raw, byte(value)), text[2:]
		case '{':
			count, after, found := strings.Cut(text, "*")
			times, err := strconv.Atoi(count)
			if !found || err != nil || times < 0 || depth > 3 {
				return nil, "", fmt.Errorf(`\{%s: want \{NUMBER*TEXT}, at most four deep`, count)
			}
			var piece []byte
			if piece, text, err = unescape(after, depth+1); err != nil {
				return nil, "", err
			}
			if len(piece)*times > maxRaw {
				return nil, "", fmt.Errorf(`\{%s*…} makes more than %d bytes`, count, maxRaw)
			}
			raw = append(raw, slices.Repeat(piece, times)...)
		default:
			return nil, "", fmt.Errorf(`unknown escape \%c; there are \r \n \t \0 \\ \xHH and \{N*TEXT}`, char)
		}
	}
	if depth > 0 {
		return nil, "", fmt.Errorf(`a \{ without its }`)
	}
	return raw, "", nil
}
