package declare

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/problem"
	"github.com/quintetgo/quintet/orm/schema"
)

// expressions checks the expressions and operator classes of an index or unique constraint with a number of fields.
func (p *parser) expressions(what string, fields int, expressions, classes []string) {
	place := p.model.String()
	if fields+len(expressions) == 0 {
		p.bad("orm.E053", place, fmt.Sprintf("Meta.%s has an entry without fields and expressions", what), "Name at least one field.")
	}
	for _, sql := range expressions {
		if strings.TrimSpace(sql) == "" {
			p.bad("orm.E053", place, fmt.Sprintf("Meta.%s has an empty expression", what), "Leave it out.")
		}
	}
	if len(classes) > fields+len(expressions) {
		p.bad("orm.E053", place, fmt.Sprintf("Meta.%s has %d operator classes for %d columns", what, len(classes), fields+len(expressions)),
			"Name one for each field and then for each expression.")
	}
}

// deferrable checks a unique constraint whose check can be deferred, which only plain ones can.
func (p *parser) deferrable(u schema.Unique) {
	switch {
	case u.Deferrable == "":
	case u.Deferrable != dialect.Deferred && u.Deferrable != dialect.Immediate:
		p.bad("orm.E053", p.model.String(), fmt.Sprintf("Meta.Unique has the unknown Deferrable %q", u.Deferrable),
			"Write orm.InitiallyDeferred or orm.InitiallyImmediate.")
	case u.Where != "" || len(u.Expressions) > 0 || len(u.OperatorClasses) > 0:
		p.bad("orm.E053", p.model.String(), "a deferrable unique constraint cannot have Where, Expressions or OperatorClasses",
			"Leave Deferrable out, or the others.")
	}
}

// permissions checks the names of the default permissions.
func (p *parser) permissions() {
	for _, action := range p.meta.DefaultPermissions {
		if !slices.Contains(schema.ModelActions, action) {
			p.bad("orm.E054", p.model.String(), fmt.Sprintf("Meta.DefaultPermissions has the unknown action %q", action),
				problem.DidYouMean(action, schema.ModelActions, "List further ones in Permissions."))
		}
	}
}

// wordsOf returns what names of generated constraints show of expressions.
func wordsOf(expressions []string) []string {
	list := make([]string, len(expressions))
	for i, sql := range expressions {
		list[i] = strings.Join(strings.FieldsFunc(strings.ToLower(sql), func(r rune) bool {
			return r != '_' && (r < 'a' || r > 'z') && (r < '0' || r > '9')
		}), "_")
	}
	return list
}
