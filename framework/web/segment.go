package web

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"
)

// segment is the part of a pattern between two slashes. For chi it is fixed text or one parameter: chi ends a parameter
// at the first byte of the text after it, which is too early for /{name}.json and a name with dots. A segment with both is
// therefore one expression, and the values are read from its groups.
type segment struct {
	parts  []part
	match  *regexp.Regexp // of a segment with text and parameters; nil otherwise
	groups []int          // of match, one for each parameter
}

// segmentsOf cuts the parts of a pattern at its slashes. What comes before the first one is empty.
func segmentsOf(parts []part) ([]segment, error) {
	list := make([]segment, 1, 8)
	for _, p := range parts {
		if p.param != "" {
			list[len(list)-1].parts = append(list[len(list)-1].parts, p)
			continue
		}
		for i, text := range strings.Split(p.text, "/") {
			if i > 0 {
				list = append(list, segment{})
			}
			if text != "" {
				list[len(list)-1].parts = append(list[len(list)-1].parts, part{text: text})
			}
		}
	}
	for i := range list {
		if err := list[i].compile(); err != nil {
			return nil, err
		}
	}
	return list[1:], nil
}

// compile makes the expression of a segment that is not simply text or simply a parameter.
func (s *segment) compile() error {
	if len(s.parts) == 0 || len(s.parts) == 1 && (s.parts[0].param != "" || !strings.ContainsAny(s.parts[0].text, "{}*")) {
		return nil
	}
	var b strings.Builder
	group := 1
	for _, p := range s.parts {
		switch {
		case p.param == "":
			// chi counts braces to find the end of an expression, and escaped ones too.
			b.WriteString(strings.NewReplacer("{", "x7b", "}", "x7d").Replace(regexp.QuoteMeta(p.text)))
			continue
		case p.expr == "":
			b.WriteString("(.+?)")
		case p.match.MatchString(""):
			return fmt.Errorf("the expression of {%s} fits an empty text, and a parameter is never empty: write + in place of *", p.param)
		default:
			b.WriteString("((?-s:" + p.inner + "))")
		}
		s.groups = append(s.groups, group)
		group++
		if p.match != nil {
			group += p.match.NumSubexp()
		}
	}
	var err error
	if s.match, err = regexp.Compile("^(?s:" + b.String() + ")$"); err != nil {
		return fmt.Errorf("the expressions cannot be joined to one for their segment: %w", err)
	}
	return nil
}

// fixed reports whether chi takes the segment as fixed text.
func (s *segment) fixed() bool {
	return s.match == nil && (len(s.parts) == 0 || s.parts[0].param == "")
}

// routing returns the pattern in the form that chi expects. Parameters of chi that are no parameters of ours are called by numbers.
func (p pattern) routing() string {
	return p.write(func(s segment, i int) string {
		switch {
		case s.match != nil:
			return "{" + strconv.Itoa(i) + ":" + s.match.String() + "}"
		case s.parts[0].expr != "":
			return "{" + s.parts[0].param + ":^(?:" + s.parts[0].expr + ")$}"
		}
		return "{" + s.parts[0].param + "}"
	})
}

// shape returns the same text for two patterns that match the same paths by the same rules: the names of parameters are left out.
func (p pattern) shape() string {
	return p.write(func(s segment, _ int) string {
		if s.match != nil {
			return "{:" + s.match.String() + "}"
		}
		return "{:" + s.parts[0].expr + "}"
	})
}

func (p pattern) write(param func(s segment, i int) string) string {
	var b strings.Builder
	for i, s := range p.segments {
		b.WriteByte('/')
		switch {
		case s.fixed() && len(s.parts) == 0:
		case s.fixed():
			b.WriteString(s.parts[0].text)
		case s.parts[0].param == "*":
			b.WriteByte('*')
		default:
			b.WriteString(param(s, i))
		}
	}
	return b.String()
}

// bind turns the values that chi found for the pattern, the last ones of params, into the values of its own parameters,
// decoded. It reports false if one of them is empty, which chi lets pass: such a path does not match.
func (p pattern) bind(params *chi.RouteParams) bool {
	found := p.dynamic
	if len(params.Values) < found {
		return false
	}
	first := len(params.Values) - found
	values := params.Values[first:]
	if !p.mixed {
		for i, value := range values {
			if value == "" && params.Keys[first+i] != "*" {
				return false
			}
			values[i] = unmark(value)
		}
		return true
	}
	values = slices.Clone(values)
	params.Keys, params.Values = params.Keys[:first], params.Values[:first]
	for i := range p.segments {
		s := &p.segments[i]
		if s.fixed() {
			continue
		}
		value := values[0]
		values = values[1:]
		if !s.read(value, params) {
			return false
		}
	}
	return true
}

// read adds the parameters of a segment with that content.
func (s *segment) read(content string, params *chi.RouteParams) bool {
	if s.match == nil {
		params.Add(s.parts[0].param, unmark(content))
		return content != "" || s.parts[0].param == "*"
	}
	places := s.match.FindStringSubmatchIndex(content)
	if places == nil {
		return false
	}
	next := 0
	for _, p := range s.parts {
		if p.param == "" {
			continue
		}
		group := s.groups[next]
		next++
		start, end := places[2*group], places[2*group+1]
		if start == end {
			return false
		}
		params.Add(p.param, unmark(content[start:end]))
	}
	return true
}
