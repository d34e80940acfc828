package orm

import "github.com/quintetgo/quintet/orm/schema"

// IEq returns the condition that the value is s, compared case-insensitively.
func (c String) IEq(s string) Condition { return is(c.column, schema.IExact, s, false) }

// Contains returns the condition that s occurs in the value.
func (c String) Contains(s string) Condition { return is(c.column, schema.Contains, s, false) }

// IContains returns the condition that s occurs in the value, compared case-insensitively.
func (c String) IContains(s string) Condition { return is(c.column, schema.IContains, s, false) }

// StartsWith returns the condition that the value begins with s.
func (c String) StartsWith(s string) Condition { return is(c.column, schema.StartsWith, s, false) }

// IStartsWith returns the condition that the value begins with s, compared case-insensitively.
func (c String) IStartsWith(s string) Condition { return is(c.column, schema.IStartsWith, s, false) }

// EndsWith returns the condition that the value ends with s.
func (c String) EndsWith(s string) Condition { return is(c.column, schema.EndsWith, s, false) }

// IEndsWith returns the condition that the value ends with s, compared case-insensitively.
func (c String) IEndsWith(s string) Condition { return is(c.column, schema.IEndsWith, s, false) }

// Regex returns the condition that the value matches a regular expression in Go's syntax.
func (c String) Regex(pattern string) Condition { return is(c.column, schema.Regex, pattern, false) }

// IRegex returns the condition that the value matches a regular expression, compared case-insensitively.
func (c String) IRegex(pattern string) Condition { return is(c.column, schema.IRegex, pattern, false) }
