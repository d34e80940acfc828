package dialect

// ConstraintKind is a sort of constraint.
type ConstraintKind uint8

// The kinds of constraints.
const (
	ConstraintOther ConstraintKind = iota
	ConstraintUnique
	ConstraintForeignKey
	ConstraintNotNull
	ConstraintCheck
)

var constraintNames = [...]string{"integrity", "unique", "foreign key", "not null", "check"}

// String returns "unique", "foreign key", "not null" or "check", and "integrity" for any other.
func (k ConstraintKind) String() string {
	if int(k) < len(constraintNames) {
		return constraintNames[k]
	}
	return constraintNames[0]
}

// Violation is a constraint that a statement would have broken, as far as the database names it.
type Violation struct {
	Kind       ConstraintKind
	Table      string   // "" if the database does not name it
	Constraint string   // its name, "" if the database does not name it
	Columns    []string // empty if the database does not name them
	PrimaryKey bool     // the constraint is the primary key of Table
}

// Translator is implemented by dialects that recognize errors of their driver.
type Translator interface {
	// Violation returns the constraint that err reports as broken, or nil for any other error.
	Violation(err error) *Violation
}

// Explainer is implemented by dialects that know what to do about some errors of their driver.
type Explainer interface {
	// Explain returns an error that wraps err and adds a hint, or nil for an error that it has none for.
	Explain(err error) error
}

// SizeChecker is implemented by dialects that recognize the errors of their driver for statements beyond its limits.
type SizeChecker interface {
	// TooLarge reports whether err is caused by a statement that is too long or too complex for the database.
	TooLarge(err error) bool
}
