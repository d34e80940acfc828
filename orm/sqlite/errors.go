package sqlite

import (
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
)

// Extended result codes of broken constraints.
const (
	constraintCheck      = 275
	constraintForeignKey = 787
	constraintNotNull    = 1299
	constraintPrimaryKey = 1555
	constraintTrigger    = 1811
	constraintUnique     = 2067
	constraintRowID      = 2579
)

// Violation implements [dialect.Translator]. SQLite names table and columns of unique and not-null constraints, the name
// of a check, and nothing for a foreign key.
func (sqliteDialect) Violation(err error) *dialect.Violation {
	code, ok := errorCode(err)
	if !ok {
		return nil
	}
	v := &dialect.Violation{}
	text := err.Error()
	if rest := after(text, overflow); rest != "" { // of quintet_decimal and quintet_within
		column, problem, _ := strings.Cut(rest, ": ")
		v.Kind, v.Constraint = dialect.ConstraintCheck, problem
		columns(v, column)
		return v
	}
	switch code {
	case constraintUnique, constraintPrimaryKey, constraintRowID:
		v.Kind = dialect.ConstraintUnique
		columns(v, after(text, "UNIQUE constraint failed: "))
	case constraintNotNull:
		v.Kind = dialect.ConstraintNotNull
		columns(v, after(text, "NOT NULL constraint failed: "))
	case constraintForeignKey:
		v.Kind = dialect.ConstraintForeignKey
	case constraintTrigger:
		if !strings.Contains(text, "FOREIGN KEY") {
			return nil
		}
		v.Kind = dialect.ConstraintForeignKey
	case constraintCheck:
		v.Kind = dialect.ConstraintCheck
		v.Constraint = after(text, "CHECK constraint failed: ")
	default:
		return nil
	}
	return v
}

// after returns the text behind a marker, without the number that one driver puts at the end.
func after(text, marker string) string {
	_, rest, found := strings.Cut(text, marker)
	if !found {
		return ""
	}
	if i := strings.LastIndex(rest, " ("); i >= 0 && strings.HasSuffix(rest, ")") &&
		strings.Trim(rest[i+2:len(rest)-1], "0123456789") == "" {
		rest = rest[:i]
	}
	return rest
}

// columns reads "blog_tag.name, blog_tag.site_id", or "index 'name'" for an index with a condition or an expression.
func columns(v *dialect.Violation, list string) {
	if name, ok := strings.CutPrefix(list, "index '"); ok {
		v.Constraint = strings.TrimSuffix(name, "'")
		return
	}
	for part := range strings.SplitSeq(list, ", ") {
		i := strings.LastIndexByte(part, '.')
		if i < 0 {
			continue
		}
		v.Table = part[:i]
		v.Columns = append(v.Columns, part[i+1:])
	}
}

// sizeErrors are the beginnings of SQLite's errors for statements beyond its limits.
var sizeErrors = []string{
	"Expression tree is too large", "parser stack overflow", "at most 64 tables in a join", "too many SQL variables", "too many columns",
	"statement too long", "too many terms",
}

// TooLarge reports whether err is caused by a statement beyond one of SQLite's limits.
func (sqliteDialect) TooLarge(err error) bool {
	text := err.Error()
	return slices.ContainsFunc(sizeErrors, func(beginning string) bool { return strings.Contains(text, beginning) })
}
