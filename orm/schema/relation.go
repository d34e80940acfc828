package schema

import "context"

// OnDelete is what happens to a row when the row that it points at is deleted.
type OnDelete uint8

// The zero value, OnDeleteUnset, is treated as Protect and reported by a check.
const (
	OnDeleteUnset OnDelete = iota
	Cascade                // delete this row too
	Protect                // refuse
	Restrict               // refuse, unless this row is deleted along another path
	SetNull                // store NULL
	SetDefault             // store the field's default
	DoNothing              // leave it to the database
	SetComputed            // store the key that a function returns, see SetKey
	DBCascade              // the database deletes this row too
	DBSetNull              // the database stores NULL
	DBSetDefault           // the database stores the column's default
)

var onDeleteNames = [...]string{
	"", "Cascade", "Protect", "Restrict", "SetNull", "SetDefault", "DoNothing", "SetWith", "DBCascade", "DBSetNull", "DBSetDefault",
}

// String returns the name of the constant, such as "Cascade".
func (d OnDelete) String() string {
	if int(d) < len(onDeleteNames) {
		return onDeleteNames[d]
	}
	return ""
}

// Action returns what the database itself does with the row, as in SQL: "CASCADE", "SET NULL" or "SET DEFAULT"; "" if
// the rule is applied by the program.
func (d OnDelete) Action() string {
	switch d {
	case DBCascade:
		return "CASCADE"
	case DBSetNull:
		return "SET NULL"
	case DBSetDefault:
		return "SET DEFAULT"
	}
	return ""
}

// DeleteRule is what a relation declares for the deletion of its target: an [OnDelete] or a [SetKey].
type DeleteRule interface{ ApplyTo(r *Relation) }

// ApplyTo makes d the rule of r.
func (d OnDelete) ApplyTo(r *Relation) { r.OnDelete = d }

// SetKey returns the key, or the object, that takes the place of a deleted one. handle is the database handle of the
// deletion, whose transaction ctx has.
type SetKey func(ctx context.Context, handle any) (any, error)

// ApplyTo makes fn the rule of r.
func (fn SetKey) ApplyTo(r *Relation) { r.OnDelete, r.SetKey = SetComputed, fn }

// Relation is a link from one model to another. One value serves both directions: Field.Relation on the model that
// declares it and an entry of Reverse on the model it points at.
type Relation struct {
	Kind  Kind   // KindForeignKey, KindOneToOne or KindManyToMany
	From  *Model // the model that declares Field
	Field *Field
	To    *Model // nil until the target is registered

	// Target names what Field points at, "accounts.User", also while To is nil.
	Target string
	// Alias is the name that was passed to FKTo, if it is the alias of a model with another name ("auth.User");
	// migrations keep it.
	Alias string
	// ToField is the referenced field of a foreign key, To's primary key unless the model declares another one.
	ToField *Field

	// LimitChoices restricts the rows of To that forms offer and accept; nil for all.
	LimitChoices Condition

	OnDelete    OnDelete
	SetKey      SetKey // of SetComputed, else nil
	RelatedName string // the argument of Related; "-" means no reverse relation
	QueryName   string // name of the reverse relation in lookups, "posts"; "" if there is none

	// LookupName is another name of the reverse relation in lookups, "post"; "" if there is none.
	LookupName string

	// GoName is the struct field of From that holds the related object or objects ("Author", "Tags"); "" if there is none.
	GoName string
	// ReverseGoName is the struct field of To that holds the objects of the reverse relation ("Posts"); "" if there is none.
	ReverseGoName string
	// GoIndex and ReverseGoIndex are the index paths of these struct fields, as for reflect's FieldByIndex, except that a
	// negative number -i-1 is an embedded pointer at i. They are nil where there is no struct field.
	GoIndex, ReverseGoIndex []int

	// Through is the model of a many-to-many relation's rows; ThroughFrom points at From and ThroughTo at To.
	Through                *Model
	ThroughFrom, ThroughTo *Field

	// Symmetrical reports whether links of a many-to-many field on its own model hold in both directions.
	Symmetrical bool

	// OnUpdate is what the database does with the key when the referenced value changes: "CASCADE", "SET NULL" or "SET
	// DEFAULT"; "" refuses the change.
	OnUpdate string

	// Constraint reports whether the database keeps the reference.
	Constraint bool

	// Remote reports whether the two models are in different databases, so that no statement can follow the relation.
	Remote bool
}

// ToOne reports whether following the relation forward yields at most one object.
func (r *Relation) ToOne() bool { return r.Kind != KindManyToMany }
