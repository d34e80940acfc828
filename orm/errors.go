package orm

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// NotFoundError says that no row fits. It answers 404, and errors.Is(err, ErrNotFound) holds for every one of them.
type NotFoundError struct {
	Model *Model // nil if it is not known
	PK    any    // the key that was looked for; nil if it was not by key
}

// ErrNotFound is what errors.Is compares with when no row fits.
var ErrNotFound error = &NotFoundError{}

// Error names the model and the key.
func (e *NotFoundError) Error() string {
	switch {
	case e.Model == nil:
		return "orm: not found"
	case e.PK == nil:
		return fmt.Sprintf("orm: no %s found", e.Model)
	}
	return fmt.Sprintf("orm: no %s with key %v", e.Model, e.PK)
}

// Is makes every not-found error match ErrNotFound.
func (e *NotFoundError) Is(target error) bool { return target == ErrNotFound }

// HTTPStatus is 404.
func (e *NotFoundError) HTTPStatus() int { return http.StatusNotFound }

// ErrMultiple says that one row was wanted and more were found.
var ErrMultiple = errors.New("orm: more than one row found")

// ErrRelationMismatch says that a loaded object and the key beside it point at different rows.
var ErrRelationMismatch = errors.New("orm: the loaded object has another key")

// IntegrityKind is the sort of constraint that was broken.
type IntegrityKind uint8

// The kinds of constraints.
const (
	IntegrityOther IntegrityKind = iota
	IntegrityUnique
	IntegrityForeignKey
	IntegrityNotNull
	IntegrityCheck
)

var integrityNames = [...]string{"integrity", "unique", "foreign key", "not null", "check"}

// String gives "unique", "foreign key", "not null" or "check".
func (k IntegrityKind) String() string {
	if int(k) < len(integrityNames) {
		return integrityNames[k]
	}
	return integrityNames[0]
}

// IntegrityError says that the database refused a statement as it would break a constraint.
type IntegrityError struct {
	Kind       IntegrityKind
	Table      string   // "" if the database does not say
	Constraint string   // its name, "" if the database does not say
	Columns    []string // empty if the database does not say
	Fields     []string // names of the model's fields for Columns
	Value      any      // the key without a row, of a foreign key where it is known
	Model      *Model   // nil if the table is no model's
	Err        error    // the driver's error
}

// Error names the kind, the model or table and the fields.
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
	b.WriteString(" broken")
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

// Unwrap gives the driver's error.
func (e *IntegrityError) Unwrap() error { return e.Err }

// HTTPStatus is 409: the request conflicts with what is stored.
func (e *IntegrityError) HTTPStatus() int { return http.StatusConflict }

// describe finds the model, columns and fields that an integrity error speaks of.
func (db *DB) describe(e *IntegrityError) {
	for _, m := range db.Models() {
		if e.Table != "" && m.Table != e.Table {
			continue
		}
		if e.Constraint != "" && len(e.Columns) == 0 {
			for _, u := range m.Unique {
				if u.Name == e.Constraint {
					e.Table = m.Table
					e.Fields = slices.Clone(u.Fields)
				}
			}
		}
		if e.Table == m.Table {
			e.Model = m
		}
	}
	if e.Model == nil || len(e.Fields) > 0 {
		return
	}
	for _, column := range e.Columns {
		if f := e.Model.ByColumn(column); f != nil {
			e.Fields = append(e.Fields, f.Name)
		}
	}
}
