package schema

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
)

var onDeleteNames = [...]string{"", "Cascade", "Protect", "Restrict", "SetNull", "SetDefault", "DoNothing"}

// String returns the name of the constant, such as "Cascade".
func (d OnDelete) String() string {
	if int(d) < len(onDeleteNames) {
		return onDeleteNames[d]
	}
	return ""
}

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

	OnDelete    OnDelete
	RelatedName string // the argument of Related; "-" means no reverse relation
	QueryName   string // name of the reverse relation in lookups, "posts"; "" if there is none

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
}

// ToOne reports whether following the relation forward yields at most one object.
func (r *Relation) ToOne() bool { return r.Kind != KindManyToMany }
