package generate

import (
	"errors"
	"fmt"
	"go/token"
	"strings"

	"github.com/quintetgo/quintet/orm/schema"
)

// directive chooses the name of a model's columns variable, in the comment above the struct: //quintet:columns AllNews.
const directive = "//quintet:columns"

// nameVariables sets the name of each model's columns variable: the plural of the model's name unless a directive chooses
// another. A name that the package or an earlier model uses is an error.
func (l *loader) nameVariables(p *source, models []*model) error {
	var problems []error
	chosen := map[string]*model{}
	for _, m := range models {
		d := p.types[m.name]
		name, found := d.directive()
		if !found {
			name = schema.Plural(m.name)
		}
		m.variable = name
		report := func(format string, args ...any) {
			problems = append(problems, fmt.Errorf("generate: %s: %s", l.files.Position(d.spec.Pos()), fmt.Sprintf(format, args...)))
		}
		if !token.IsIdentifier(name) {
			report("%s %s of %s: the name of a Go variable is required", directive, name, m.name)
			continue
		}
		hint := fmt.Sprintf("choose another name in the comment above type %s, such as %s All%s", m.name, directive, schema.Plural(m.name))
		if other := chosen[name]; other != nil {
			report("the columns of %s and those of %s would both be called %s; %s", m.name, other.name, name, hint)
			continue
		}
		chosen[name] = m
		if at, declared := p.declared[name]; declared {
			report("the columns of %s would be called %s, which is declared at %s; rename that, or %s", m.name, name, l.files.Position(at),
				hint)
		}
	}
	return errors.Join(problems...)
}

// directive returns the name that the comment above a type chooses for its columns variable.
func (d *declaration) directive() (name string, found bool) {
	if d.doc == nil {
		return "", false
	}
	for _, comment := range d.doc.List {
		if rest, ok := strings.CutPrefix(comment.Text, directive); ok && (rest == "" || rest[0] == ' ' || rest[0] == '\t') {
			return strings.TrimSpace(rest), true
		}
	}
	return "", false
}
