package changelist

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/orm/schema"
)

// Param is a hidden input of a form.
type Param struct{ Name, Value string }

// values returns the state as parameters, without the page.
func (c *Config) values(s *State) url.Values {
	values := url.Values{}
	if s.Query != "" {
		values.Set("q", s.Query)
	}
	if len(s.order) > 0 {
		values.Set("o", c.formatOrder(s.order))
	}
	for _, one := range s.conditions {
		if one.path.Lookup == schema.In || one.path.Lookup == schema.Range {
			values.Set(one.key, strings.Join(one.values, ","))
			continue
		}
		values[one.key] = one.values
	}
	return values
}

// address returns the list's address with parameters.
func address(base string, values url.Values) string {
	if len(values) == 0 {
		return base
	}
	return base + "?" + values.Encode()
}

// Address returns the list's address with the state, including the page.
func (c *Config) Address(base string, s *State) string {
	return c.pageAddress(base, s, s.Page)
}

func (c *Config) pageAddress(base string, s *State, page int) string {
	values := c.values(s)
	if page > 1 {
		values.Set("p", strconv.Itoa(page))
	}
	return address(base, values)
}

// without returns the parameters except those of one filter.
func (c *Config) without(s *State, filter *Filter) url.Values {
	values := c.values(s)
	for _, one := range s.conditions {
		if one.filter == filter {
			values.Del(one.key)
		}
	}
	return values
}

// params returns parameters as hidden inputs, sorted by name.
func params(values url.Values, except ...string) []Param {
	var out []Param
	for name, all := range values {
		if slices.Contains(except, name) {
			continue
		}
		for _, value := range all {
			out = append(out, Param{name, value})
		}
	}
	slices.SortFunc(out, func(a, b Param) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// with returns a copy of the parameters in which each named one is set.
func with(values url.Values, pairs ...string) url.Values {
	out := url.Values{}
	for name, all := range values {
		out[name] = all
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
	}
	return out
}
