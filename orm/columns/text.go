package columns

import (
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/schema"
)

// IEq returns the condition that the value is s, compared case-insensitively.
func (c String) IEq(s string) dynamic.Condition { return is(c.column, schema.IExact, s, false) }

// Contains returns the condition that s occurs in the value.
func (c String) Contains(s string) dynamic.Condition { return is(c.column, schema.Contains, s, false) }

// IContains returns the condition that s occurs in the value, compared case-insensitively.
func (c String) IContains(s string) dynamic.Condition {
	return is(c.column, schema.IContains, s, false)
}

// StartsWith returns the condition that the value begins with s.
func (c String) StartsWith(s string) dynamic.Condition {
	return is(c.column, schema.StartsWith, s, false)
}

// IStartsWith returns the condition that the value begins with s, compared case-insensitively.
func (c String) IStartsWith(s string) dynamic.Condition {
	return is(c.column, schema.IStartsWith, s, false)
}

// EndsWith returns the condition that the value ends with s.
func (c String) EndsWith(s string) dynamic.Condition { return is(c.column, schema.EndsWith, s, false) }

// IEndsWith returns the condition that the value ends with s, compared case-insensitively.
func (c String) IEndsWith(s string) dynamic.Condition {
	return is(c.column, schema.IEndsWith, s, false)
}

// Regex returns the condition that the value matches a regular expression in Go's syntax.
func (c String) Regex(pattern string) dynamic.Condition {
	return is(c.column, schema.Regex, pattern, false)
}

// IRegex returns the condition that the value matches a regular expression, compared case-insensitively.
func (c String) IRegex(pattern string) dynamic.Condition {
	return is(c.column, schema.IRegex, pattern, false)
}
