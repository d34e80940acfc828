package changelist

import (
	"errors"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm/schema"
)

// State is what an address asks of a list. It holds only names that the model knows.
type State struct {
	Query    string
	Page     int
	Problems []message.Message // what the list ignores of the address
	Refused  bool              // among them are comparisons that may not be made, or values that a field cannot have

	order      []sorted
	conditions []condition
}

// maxConditions bounds how many comparisons one address makes.
const maxConditions = 30

// Parse reads the parameters q, o, p and field__lookup=value. It never fails: what it does not understand it leaves out
// and names in Problems. Parameters that begin with "_" are other people's, and so are those of campaigns (utm_source).
func (c *Config) Parse(values url.Values) *State {
	s := &State{Page: 1}
	s.Query = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(values.Get("q"), "\x00", ""), ""))
	if runes := []rune(s.Query); len(runes) > maxQuery {
		s.Query = string(runes[:maxQuery])
		s.problem("The search was shortened to {count} characters.", message.Args{"count": maxQuery})
	}
	if text := values.Get("p"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > math.MaxInt32 {
			s.problem("“{value}” is not the number of a page.", message.Args{"value": shorten(text)})
		} else {
			s.Page = n
		}
	}
	order, unknown := c.parseOrder(values.Get("o"))
	s.order = order
	for _, name := range unknown {
		s.problem("The list cannot be sorted by “{name}”.", message.Args{"name": shorten(name)})
	}
	keys := make([]string, 0, len(values))
	for key := range values {
		if key != "q" && key != "o" && key != "p" && key != "e" && key != "csrf_token" && !foreign(key) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		c.parseCondition(s, key, values[key])
	}
	return s
}

// foreign reports whether a parameter is not meant for the list: links from mails and adverts carry such.
func foreign(key string) bool {
	return strings.HasPrefix(key, "_") || strings.HasPrefix(key, "utm_") || slices.Contains([]string{"fbclid", "gclid", "msclkid", "mc_cid", "mc_eid"}, key)
}

// refuse adds a problem with a comparison that the address may not make, or with a value that its field cannot have.
func (s *State) refuse(text string, args message.Args) {
	s.Refused = true
	s.problem(text, args)
}

// maxProblems is the number of problems that are reported.
const maxProblems = 10

func (s *State) problem(text string, args message.Args) {
	if len(s.Problems) < maxProblems {
		s.Problems = append(s.Problems, message.New("", text, args))
	}
}

func (c *Config) parseCondition(s *State, key string, values []string) {
	given := values
	values = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
	if len(key) > 200 || len(values) > 100 || len(s.conditions) >= maxConditions {
		s.refuse("There are too many filters in the address.", nil)
		return
	}
	path, err := c.Model.Resolve(key)
	var filter *Filter
	ok := false
	if err == nil {
		filter, ok = c.allowed(path)
	}
	if !ok {
		s.Refused = s.Refused || err == nil // a field that may not be compared, rather than a parameter of somebody else
		if near := c.nearestFilter(key); near != "" {
			s.problem("There is no filter “{name}”; did you mean “{nearest}”?", message.Args{"name": shorten(key), "nearest": near})
		} else {
			s.problem("There is no filter “{name}”.", message.Args{"name": shorten(key)})
		}
		return
	}
	if len(values) == 0 {
		if path.Lookup == schema.Exact && path.Kind().IsText() && !path.Relation && len(given) > 0 {
			values = given[:1] // the empty text is a value of text fields with choices
			if !path.Field.HasChoices() {
				return
			}
		} else {
			return
		}
	}
	if path.Lookup == schema.In || path.Lookup == schema.Range {
		values = strings.Split(strings.Join(values, ","), ",")
		if path.Lookup == schema.Range && len(values) != 2 {
			s.refuse("“{name}” needs two values, separated by a comma.", message.Args{"name": shorten(key)})
			return
		}
		if len(values) > 100 {
			s.refuse("There are too many values for “{name}”.", message.Args{"name": shorten(key)})
			return
		}
	} else if path.Lookup != schema.Exact {
		values = values[:1]
	}
	for _, value := range values {
		if path.Lookup == schema.IsNull {
			if !slices.Contains([]string{"1", "0", "true", "false", "yes", "no", "on", "off"}, strings.ToLower(value)) {
				s.refuse("“{value}” is neither true nor false.", message.Args{"value": shorten(value)})
				return
			}
			continue
		}
		if _, err := convert(path, value, c.location()); err != nil {
			s.refuse("“{value}” is not a value of {field}.", message.Args{"value": shorten(value), "field": pathLabel(path)})
			return
		}
	}
	s.conditions = append(s.conditions, condition{key, values, path, filter, c.location()})
}

func (c *Config) nearestFilter(key string) string {
	names := make([]string, len(c.Filters))
	for i, filter := range c.Filters {
		names[i] = filter.Name
	}
	return check.Nearest(key, names)
}

// Narrowed reports whether the state leaves anything out.
func (s *State) Narrowed() bool { return s.Query != "" || len(s.conditions) > 0 }

// shorten returns a text from the address as messages show it.
func shorten(text string) string {
	text = strings.ToValidUTF8(text, "?")
	if runes := []rune(text); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return text
}

var errValue = errors.New("not a value of the field")

func (c *Config) location() *time.Location {
	if c.Location != nil {
		return c.Location
	}
	return time.UTC
}

// convert parses a value from the address for the path's comparison.
func convert(path *schema.Path, text string, location *time.Location) (any, error) {
	if strings.ContainsRune(text, 0) || len(text) > 1000 {
		return nil, errValue
	}
	if len(path.Transforms) > 0 {
		if path.Kind().IsInteger() {
			return strconv.ParseInt(text, 10, 32)
		}
		_, err := moment(text, location)
		return text, err
	}
	field := path.Field
	if field.Relation != nil && field.Relation.ToField != nil && field.Kind != schema.KindManyToMany {
		field = field.Relation.ToField
	}
	switch kind := field.ColumnKind(); {
	case kind.IsText():
		return text, nil
	case kind == schema.KindDateTime:
		return moment(text, location)
	case kind == schema.KindBool:
		switch strings.ToLower(text) {
		case "1", "true", "yes", "on":
			return true, nil
		case "0", "false", "no", "off":
			return false, nil
		}
		return nil, errValue
	}
	return field.Convert(text)
}

// moment parses a date, which means its first moment, or a date with a time.
func moment(text string, location *time.Location) (time.Time, error) {
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04", "2006-01-02T15:04:05", time.DateTime, time.RFC3339Nano} {
		if t, err := time.ParseInLocation(layout, text, location); err == nil {
			if t.Year() < 1 || t.Year() > 9999 {
				return t, errValue
			}
			return t, nil
		}
	}
	return time.Time{}, errValue
}
