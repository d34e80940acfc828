package orm

import "github.com/quintetgo/quintet/orm/schema"

// IEq holds where the value is s, compared case-insensitively.
func (c Str) IEq(s string) Cond { return is(c.column, schema.IExact, s, false) }

// Contains holds where s occurs in the value.
func (c Str) Contains(s string) Cond { return is(c.column, schema.Contains, s, false) }

// IContains holds where s occurs in the value, compared case-insensitively.
func (c Str) IContains(s string) Cond { return is(c.column, schema.IContains, s, false) }

// StartsWith holds where the value begins with s.
func (c Str) StartsWith(s string) Cond { return is(c.column, schema.StartsWith, s, false) }

// IStartsWith holds where the value begins with s, compared case-insensitively.
func (c Str) IStartsWith(s string) Cond { return is(c.column, schema.IStartsWith, s, false) }

// EndsWith holds where the value ends with s.
func (c Str) EndsWith(s string) Cond { return is(c.column, schema.EndsWith, s, false) }

// IEndsWith holds where the value ends with s, compared case-insensitively.
func (c Str) IEndsWith(s string) Cond { return is(c.column, schema.IEndsWith, s, false) }

// Regex holds where the value matches a regular expression in Go's syntax.
func (c Str) Regex(pattern string) Cond { return is(c.column, schema.Regex, pattern, false) }

// IRegex holds where the value matches a regular expression, compared case-insensitively.
func (c Str) IRegex(pattern string) Cond { return is(c.column, schema.IRegex, pattern, false) }
