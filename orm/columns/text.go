package columns

import (
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/internal/compile"
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

// StringAgg joins the values of several rows that are not NULL, with a separator between them. OrderBy chooses their order.
func (c String) StringAgg(separator string) AggregateExpr[string] {
	e := aggregateColumn(c.column, "string_agg")
	e.Text = separator
	return AggregateExpr[string]{e}
}

// Text is an expression of text. Functions of text return it; [TextOf] returns it for other expressions.
type Text struct{ Expr[string] }

// TextOf returns an expression with the lookups of text.
func TextOf(e Operand[string]) Text { return Text{e.Expr()} }

func (t Text) is(lookup, s string) dynamic.Condition { return compared(t.expr, lookup, s, false) }

// IEq returns the condition that the value is s, compared case-insensitively.
func (t Text) IEq(s string) dynamic.Condition { return t.is(schema.IExact, s) }

// Contains returns the condition that s occurs in the value.
func (t Text) Contains(s string) dynamic.Condition { return t.is(schema.Contains, s) }

// IContains returns the condition that s occurs in the value, compared case-insensitively.
func (t Text) IContains(s string) dynamic.Condition { return t.is(schema.IContains, s) }

// StartsWith returns the condition that the value begins with s.
func (t Text) StartsWith(s string) dynamic.Condition { return t.is(schema.StartsWith, s) }

// IStartsWith returns the condition that the value begins with s, compared case-insensitively.
func (t Text) IStartsWith(s string) dynamic.Condition { return t.is(schema.IStartsWith, s) }

// EndsWith returns the condition that the value ends with s.
func (t Text) EndsWith(s string) dynamic.Condition { return t.is(schema.EndsWith, s) }

// IEndsWith returns the condition that the value ends with s, compared case-insensitively.
func (t Text) IEndsWith(s string) dynamic.Condition { return t.is(schema.IEndsWith, s) }

// Regex returns the condition that the value matches a regular expression in Go's syntax.
func (t Text) Regex(s string) dynamic.Condition { return t.is(schema.Regex, s) }

// IRegex returns the condition that the value matches a regular expression, compared case-insensitively.
func (t Text) IRegex(s string) dynamic.Condition { return t.is(schema.IRegex, s) }

// StringAgg joins the values of several rows that are not NULL, with a separator between them. OrderBy chooses their order.
func (t Text) StringAgg(separator string) AggregateExpr[string] {
	return AggregateExpr[string]{&compile.Expr{Kind: compile.Aggregate, Func: "string_agg", Left: t.expr, Text: separator}}
}
