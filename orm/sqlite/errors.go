package sqlite

import (
	"strings"

	"github.com/quintetgo/quintet/orm"
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

// translate reads the constraint out of a driver's error. SQLite names table and columns of unique and not-null
// constraints, the name of a check, and nothing for a foreign key.
func translate(err error) *orm.IntegrityError {
	code, ok := errorCode(err)
	if !ok {
		return nil
	}
	e := &orm.IntegrityError{Err: err}
	text := err.Error()
	if rest := after(text, overflow); rest != "" { // of quintet_decimal and quintet_within
		column, problem, _ := strings.Cut(rest, ": ")
		e.Kind, e.Constraint = orm.IntegrityCheck, problem
		columns(e, column)
		return e
	}
	switch code {
	case constraintUnique, constraintPrimaryKey, constraintRowID:
		e.Kind = orm.IntegrityUnique
		columns(e, after(text, "UNIQUE constraint failed: "))
	case constraintNotNull:
		e.Kind = orm.IntegrityNotNull
		columns(e, after(text, "NOT NULL constraint failed: "))
	case constraintForeignKey:
		e.Kind = orm.IntegrityForeignKey
	case constraintTrigger:
		if !strings.Contains(text, "FOREIGN KEY") {
			return nil
		}
		e.Kind = orm.IntegrityForeignKey
	case constraintCheck:
		e.Kind = orm.IntegrityCheck
		e.Constraint = after(text, "CHECK constraint failed: ")
	default:
		return nil
	}
	return e
}

// after gives what follows a marker, without the number that one driver puts at the end.
func after(text, marker string) string {
	_, rest, found := strings.Cut(text, marker)
	if !found {
		return ""
	}
	if i := strings.LastIndex(rest, " ("); i >= 0 && strings.HasSuffix(rest, ")") && strings.Trim(rest[i+2:len(rest)-1], "0123456789") == "" {
		rest = rest[:i]
	}
	return rest
}

// columns reads "blog_tag.name, blog_tag.site_id", or "index 'name'" for an index with a condition or an expression.
func columns(e *orm.IntegrityError, list string) {
	if name, ok := strings.CutPrefix(list, "index '"); ok {
		e.Constraint = strings.TrimSuffix(name, "'")
		return
	}
	for part := range strings.SplitSeq(list, ", ") {
		i := strings.LastIndexByte(part, '.')
		if i < 0 {
			continue
		}
		e.Table = part[:i]
		e.Columns = append(e.Columns, part[i+1:])
	}
}
