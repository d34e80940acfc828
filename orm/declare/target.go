package declare

import (
	"reflect"
	"strings"

	gschema "gorm.io/gorm/schema"

	"github.com/quintetgo/quintet/orm/schema"
)

// Declaration is a model read from a struct. Its relations are not linked yet.
type Declaration struct {
	Model *schema.Model
	// Targets holds the unresolved part of each relation of the model.
	Targets map[*schema.Relation]*Target
	// Slots are the struct fields that hold the objects of other models' relations.
	Slots []*Slot
}

// Target is the unresolved part of a relation: the names and types that a registry turns into the models and fields of a
// [schema.Relation].
type Target struct {
	// Type is the Go type of the model that the relation points at. It is nil if Name has the model's registry name,
	// "auth.User".
	Type reflect.Type
	Name string
	// Field is the Go name, name or column of the referenced field, "" for the primary key.
	Field string

	// JoinTable is the table of a many-to-many relation; JoinFrom and JoinTo are the Go names of its keys, "" for the
	// default ones.
	JoinTable, JoinFrom, JoinTo string
	// Through is the struct type that was passed to Through, nil for none.
	Through reflect.Type
	// OneWay reports that links of a many-to-many field on its own model hold in one direction.
	OneWay bool
}

// Slot is a struct field that holds the objects of another model's relation: "Comments []Comment" in Post.
type Slot struct {
	GoName     string
	GoIndex    []int
	Type       reflect.Type // the struct type of the objects
	ForeignKey string       // Go name of the key in the other model, "" if the tag has none
	References string       // Go name of the field here that the key holds, "" if the tag has none
	Constraint Constraint
}

// Constraint is the constraint setting of a GORM tag: "constraint:OnUpdate:CASCADE,OnDelete:SET NULL". The zero value changes
// nothing.
type Constraint struct {
	Off      bool // the database does not enforce the reference
	OnDelete schema.OnDelete
	OnUpdate string
}

// Apply sets the constraint of a relation, and its OnDelete unless the relation has one already.
func (c Constraint) Apply(r *schema.Relation) {
	if c.Off {
		r.Constraint = false
	}
	if r.OnDelete == schema.OnDeleteUnset {
		r.OnDelete = c.OnDelete
	}
	if c.OnUpdate != "" {
		r.OnUpdate = c.OnUpdate
	}
}

func parseConstraint(text string) Constraint {
	switch text {
	case "":
		return Constraint{}
	case "false", "-":
		return Constraint{Off: true}
	}
	settings := gschema.ParseTagSetting(text, ",")
	c := Constraint{OnDelete: actions[strings.ToUpper(strings.TrimSpace(settings["ONDELETE"]))]}
	switch action := strings.ToUpper(strings.TrimSpace(settings["ONUPDATE"])); action {
	case "CASCADE", "SET NULL", "SET DEFAULT":
		c.OnUpdate = action
	}
	return c
}
