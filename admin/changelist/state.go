package changelist

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm/schema"
)

// State is the part of a list that an address selects. It contains only names that the model has.
type State struct {
	Query    string            // text of the search
	Page     int               // from 1
	Problems []message.Message // parameters that the list ignores, at most 10
	Refused  bool              // the address compares a field that may not be compared, or with a value that it cannot have

	order      []sorted
	conditions []condition
}

const (
	maxConditions = 30  // comparisons of an address
	maxValues     = 100 // values of a comparison
	maxName       = 200 // bytes of the name of a parameter
	maxProblems   = 10
)

// Parse reads the parameters q (search), o (order), p (page) and field__lookup=value (comparisons). What it cannot
// use it ignores and reports in Problems. It does not report parameters that begin with "_" or that campaigns add,
// such as utm_source.
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
	order, ignored := c.parseOrder(values.Get("o"))
	s.order = order
	for _, name := range ignored {
		s.problem("The list cannot be sorted by “{name}”.", message.Args{"name": shorten(name)})
	}
	keys := make([]string, 0, len(values))
	for key := range values {
		if !slices.Contains([]string{"q", "o", "p", "e", "csrf_token"}, key) && !isForeign(key) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		c.parseCondition(s, key, values[key])
	}
	return s
}

// campaignParameters are added to links in mails and advertisements.
var campaignParameters = []string{"fbclid", "gclid", "msclkid", "mc_cid", "mc_eid"}

// isForeign reports whether a parameter is not meant for the list.
func isForeign(key string) bool {
	return strings.HasPrefix(key, "_") || strings.HasPrefix(key, "utm_") || slices.Contains(campaignParameters, key)
}

// refuse adds a problem with a comparison that may not be made.
func (s *State) refuse(text string, args message.Args) {
	s.Refused = true
	s.problem(text, args)
}

func (s *State) problem(text string, args message.Args) {
	if len(s.Problems) < maxProblems {
		s.Problems = append(s.Problems, message.New("", text, args))
	}
}

// parseCondition adds the comparison of a parameter.
func (c *Config) parseCondition(s *State, key string, sent []string) {
	values := slices.DeleteFunc(slices.Clone(sent), func(v string) bool { return v == "" })
	if len(key) > maxName || len(values) > maxValues || len(s.conditions) >= maxConditions {
		s.refuse("There are too many filters in the address.", nil)
		return
	}
	path, err := c.Model.Resolve(key)
	if err != nil {
		c.noFilter(s, key)
		return
	}
	filter, ok := c.allowed(path)
	if !ok {
		s.Refused = true
		c.noFilter(s, key)
		return
	}
	if len(values) == 0 {
		// The empty text is a value of text fields with choices.
		if path.Lookup != schema.Exact || !path.Kind().IsText() || path.Relation || len(sent) == 0 || !path.Field.HasChoices() {
			return
		}
		values = sent[:1]
	}
	if values, ok = s.conditionValues(key, path, values); !ok {
		return
	}
	for _, value := range values {
		if path.Lookup == schema.IsNull {
			if _, ok := parseBool(value); !ok {
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

// conditionValues returns the values that a lookup compares with: separated by commas for in and range, several for
// exact, else one.
func (s *State) conditionValues(key string, path *schema.Path, values []string) ([]string, bool) {
	switch path.Lookup {
	case schema.Exact:
		return values, true
	case schema.In, schema.Range:
	default:
		return values[:1], true
	}
	values = strings.Split(strings.Join(values, ","), ",")
	args := message.Args{"name": shorten(key)}
	switch {
	case path.Lookup == schema.Range && len(values) != 2:
		s.refuse("“{name}” needs two values, separated by a comma.", args)
		return nil, false
	case len(values) > maxValues:
		s.refuse("There are too many values for “{name}”.", args)
		return nil, false
	}
	return values, true
}

// noFilter reports a parameter that is not a filter, and the nearest filter.
func (c *Config) noFilter(s *State, key string) {
	names := make([]string, len(c.Filters))
	for i, filter := range c.Filters {
		names[i] = filter.Name
	}
	args := message.Args{"name": shorten(key), "nearest": check.Nearest(key, names)}
	if args["nearest"] == "" {
		s.problem("There is no filter “{name}”.", args)
		return
	}
	s.problem("There is no filter “{name}”; did you mean “{nearest}”?", args)
}

// Narrowed reports whether the state leaves out any object.
func (s *State) Narrowed() bool { return s.Query != "" || len(s.conditions) > 0 }

// shorten returns a text of the address as messages show it.
func shorten(text string) string {
	text = strings.ToValidUTF8(text, "?")
	if runes := []rune(text); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return text
}
