package web

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
)

// converters are short names for regular expressions in patterns, as in {id:int}.
var converters = map[string]string{
	"int":  `[0-9]+`,
	"slug": `[-a-zA-Z0-9_]+`,
	"uuid": `[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`, // lower case only, so that a page has one address
}

// part is a piece of a pattern: fixed text, or a parameter.
type part struct {
	text  string         // fixed text, decoded; empty for a parameter
	param string         // name of the parameter, "*" for the rest of the path
	expr  string         // the regular expression in chi's form; may be empty
	inner string         // expr as a part of the expression of its segment: without ^ and $
	match *regexp.Regexp // expr over the whole value
}

// pattern is a parsed path pattern.
type pattern struct {
	parts    []part
	segments []segment
	dynamic  int  // segments that are parameters for chi
	mixed    bool // whether one of them is not simply a parameter of ours
}

// parsePattern parses a pattern, which begins with a slash. Fixed text may be percent-encoded: "/caf%C3%A9/" and
// "/café/" are the same pattern.
func parsePattern(s string) (pattern, error) {
	var p pattern
	if !strings.HasPrefix(s, "/") {
		return p, errors.New("a pattern begins with a slash")
	}
	if strings.HasPrefix(s, "//") {
		return p, errors.New("a pattern begins with one slash: browsers take // for the start of a host name")
	}
	if strings.ContainsAny(s, " \t\r\n?#") && !strings.Contains(s, "{") {
		return p, errors.New("a pattern is a path: no space, no query, no fragment; in fixed text write %20, %3F and %23")
	}
	seen := map[string]bool{}
	for rest := s; rest != ""; {
		switch open := strings.IndexAny(rest, "{}*"); {
		case open < 0:
			p.parts, rest = append(p.parts, part{text: decodePath(rest)}), ""
		case open > 0:
			p.parts, rest = append(p.parts, part{text: decodePath(rest[:open])}), rest[open:]
		case rest[0] == '}':
			return p, errors.New("a closing brace has no opening one")
		case rest[0] == '*':
			if rest != "*" || !strings.HasSuffix(s, "/*") {
				return p, errors.New("a * matches the rest of a path: it must be at the end, after a slash")
			}
			p.parts, rest = append(p.parts, part{param: "*"}), ""
		default:
			end := closingBrace(rest)
			if end < 0 {
				return p, errors.New("an opening brace has no closing one")
			}
			if n := len(p.parts); n > 0 && p.parts[n-1].param != "" {
				return p, errors.New("two parameters need some text between them")
			}
			param, err := parseParam(rest[1:end])
			if err != nil {
				return p, err
			}
			if seen[param.param] {
				return p, fmt.Errorf("the parameter {%s} appears twice", param.param)
			}
			seen[param.param] = true
			p.parts, rest = append(p.parts, param), rest[end+1:]
		}
	}
	var err error
	if p.segments, err = segmentsOf(p.parts); err != nil {
		return p, err
	}
	for i := range p.segments {
		switch s := &p.segments[i]; {
		case !s.fixed():
			p.dynamic++
			p.mixed = p.mixed || s.match != nil
		case len(s.parts) == 1 && (s.parts[0].text == "." || s.parts[0].text == ".."):
			return p, fmt.Errorf("browsers resolve the segment %s themselves, and no request has it", s.parts[0].text)
		}
	}
	return p, nil
}

// closingBrace returns the index of the brace that closes the one s begins with, or -1. Braces nest, as in {id:[0-9]{4}}.
func closingBrace(s string) int {
	depth := 0
	for i, c := range s {
		switch c {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

func parseParam(s string) (part, error) {
	name, expr, hasExpr := strings.Cut(s, ":")
	if !isParamName(name) {
		return part{}, fmt.Errorf("{%s} is not a parameter: its name is made of letters, digits and underscores", s)
	}
	p := part{param: name}
	if !hasExpr {
		return p, nil
	}
	if known := converters[expr]; known != "" {
		expr = known
	}
	expr = strings.TrimPrefix(expr, "^")
	if rest, anchored := strings.CutSuffix(expr, "$"); anchored && (len(rest)-len(strings.TrimRight(rest, `\`)))%2 == 0 {
		expr = rest
	}
	if strings.Contains(expr, "/") || expr == "" {
		return part{}, fmt.Errorf("the expression of {%s} must match inside one path segment", name)
	}
	if _, err := regexp.Compile(expr); err != nil { // by itself: brackets must not close what is put around it
		return part{}, fmt.Errorf("the expression of {%s} is wrong: %w", name, err)
	}
	var err error
	p.expr = expr
	if p.inner, err = withoutAnchors(expr); err != nil {
		return part{}, fmt.Errorf("the expression of {%s} is wrong: %w", name, err)
	}
	p.match, err = regexp.Compile("^(?:" + expr + ")$")
	return p, err
}

// withoutAnchors returns an expression without ^ and $ at the ends of its alternatives. An expression is for the whole value,
// so they mean nothing there; anchors elsewhere are an error.
func withoutAnchors(expr string) (string, error) {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return "", err
	}
	if !hasAnchors(re) {
		return expr, nil
	}
	cutAnchors(re, syntax.OpBeginText, 0)
	cutAnchors(re, syntax.OpEndText, -1)
	if hasAnchors(re) {
		return "", errors.New("^ and $ have a meaning at the ends of the whole value only, and may be left out there")
	}
	return re.String(), nil
}

var anchors = []syntax.Op{syntax.OpBeginText, syntax.OpEndText, syntax.OpBeginLine, syntax.OpEndLine}

func hasAnchors(re *syntax.Regexp) bool {
	return slices.Contains(anchors, re.Op) || slices.ContainsFunc(re.Sub, hasAnchors)
}

// cutAnchors replaces the anchors that begin alternatives, or end them if at is -1, by nothing.
func cutAnchors(re *syntax.Regexp, anchor syntax.Op, at int) {
	switch re.Op {
	case anchor:
		re.Op, re.Flags = syntax.OpEmptyMatch, 0
	case syntax.OpCapture:
		cutAnchors(re.Sub[0], anchor, at)
	case syntax.OpConcat:
		cutAnchors(re.Sub[max(0, at*(1-len(re.Sub)))], anchor, at)
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			cutAnchors(sub, anchor, at)
		}
	}
}

func isParamName(s string) bool {
	for i, c := range s {
		letter := c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// params lists the names of the parameters in order.
func (p pattern) params() []string {
	var names []string
	for _, q := range p.parts {
		if q.param != "" {
			names = append(names, q.param)
		}
	}
	return names
}
