package fault

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"

	"github.com/quintetgo/quintet/orm/schema"
)

// IntegrityKind is the kind of a violated constraint.
type IntegrityKind = dialect.ConstraintKind

// The kinds of constraints.
const (
	IntegrityOther      = dialect.ConstraintOther // the database does not report the kind
	IntegrityUnique     = dialect.ConstraintUnique
	IntegrityForeignKey = dialect.ConstraintForeignKey
	IntegrityNotNull    = dialect.ConstraintNotNull
	IntegrityCheck      = dialect.ConstraintCheck
)

// IntegrityError reports that the database refused a statement because it violates a constraint. Its HTTP status is
// 409.
type IntegrityError struct {
	Kind       IntegrityKind
	Table      string        // "" if the database does not report it
	Constraint string        // the constraint's name; "" if the database does not report it
	Columns    []string      // empty if the database does not report them
	Fields     []string      // names of the model's fields for Columns
	Value      any           // the key without a row, for a foreign key where it is known
	Model      *schema.Model // nil if the table belongs to no model
	Err        error         // the driver's error
	// Invalid has the messages of every constraint that the object breaks, which FieldErrors returns; nil if they were not
	// evaluated.
	Invalid *ValidationError
}

// Error returns a text with the kind, the model or table, the fields and the driver's error.
func (e *IntegrityError) Error() string {
	where := e.Table
	if e.Model != nil {
		where = e.Model.String()
	}
	names := e.Fields
	if len(names) == 0 {
		names = e.Columns
	}
	var b strings.Builder
	fmt.Fprintf(&b, "orm: %s constraint", e.Kind)
	if e.Constraint != "" {
		fmt.Fprintf(&b, " %q", e.Constraint)
	}
	b.WriteString(" violated")
	if where != "" {
		b.WriteString(" in " + where)
	}
	if len(names) > 0 {
		b.WriteString(" (" + strings.Join(names, ", "))
		if e.Value != nil {
			fmt.Fprintf(&b, " is %v, which does not exist", e.Value)
		}
		b.WriteString(")")
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the driver's error.
func (e *IntegrityError) Unwrap() error { return e.Err }

// HTTPStatus returns 409: the request conflicts with stored data.
func (e *IntegrityError) HTTPStatus() int { return http.StatusConflict }

// SetReference sets the foreign key that the error is about, and its key. A row of an implicit through table counts
// as part of the object that has the many-to-many field.
func (e *IntegrityError) SetReference(f *schema.Field, key any) {
	e.Model, e.Table, e.Columns, e.Fields, e.Value = f.Model, f.Model.Table, []string{f.Column}, []string{f.Name}, key
	if !f.Model.Auto {
		return
	}
	for _, end := range f.Model.Fields { // the implicit through model's other end has the many-to-many field
		if end == f || end.Relation == nil || end.Relation.To == nil {
			continue
		}
		for _, many := range end.Relation.To.ManyToMany {
			if many.Relation.ThroughTo == f {
				e.Model, e.Fields = end.Relation.To, []string{many.Name}
			}
		}
	}
}
