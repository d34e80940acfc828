package declare

import (
	"reflect"
	"unsafe"

	"github.com/quintetgo/quintet/orm/schema"
)

// RelationBuilder says things about a foreign key or a many-to-many field. Methods may be chained.
type RelationBuilder struct{ s *spec }

// FK begins to describe the foreign key whose object p points at, &post.Author.
func FK[T any](f *Fields, p *T) *RelationBuilder {
	return relation(f, unsafe.Pointer(p), reflect.TypeFor[T](), relationSpec{})
}

// FKTo makes the field that p points at a foreign key to the model with that registry name, "auth.User". It serves apps
// that cannot name the other Go type.
func FKTo[T any](f *Fields, p *T, model string) *RelationBuilder {
	return relation(f, unsafe.Pointer(p), reflect.TypeFor[T](), relationSpec{to: model})
}

// M2M begins to describe the many-to-many field that p points at, &post.Tags.
func M2M[T any](f *Fields, p *T) *RelationBuilder {
	return relation(f, unsafe.Pointer(p), reflect.TypeFor[T](), relationSpec{manyToMany: true})
}

func relation(f *Fields, p unsafe.Pointer, typ reflect.Type, rel relationSpec) *RelationBuilder {
	s := f.add(p, typ)
	s.rel = &rel
	return &RelationBuilder{s}
}

func (b *RelationBuilder) do(fn func(*schema.Field)) *RelationBuilder {
	b.s.apply = append(b.s.apply, fn)
	return b
}

// OnDelete says what happens when the object pointed at is deleted. Every foreign key should say it.
func (b *RelationBuilder) OnDelete(d schema.OnDelete) *RelationBuilder {
	b.s.rel.onDelete = d
	return b
}

// Related names the way back, used in lookups and by Related: "posts". "-" means that there is none.
func (b *RelationBuilder) Related(name string) *RelationBuilder {
	b.s.rel.related = name
	return b
}

// Through names the model that holds a many-to-many relation's rows, as a pointer to its struct.
func (b *RelationBuilder) Through(model any) *RelationBuilder {
	b.s.rel.through = model
	return b
}

// OneToOne says that at most one object points at each target, and makes the column unique.
func (b *RelationBuilder) OneToOne() *RelationBuilder {
	b.s.rel.oneToOne = true
	return b.do(func(f *schema.Field) { f.Unique = true })
}

// Symmetrical says of a many-to-many field on its own model that each link holds in both directions, as for friends: to
// add or remove one adds or removes both. There is no reverse relation then.
func (b *RelationBuilder) Symmetrical() *RelationBuilder {
	b.s.rel.symmetrical, b.s.rel.oneWay = true, false
	return b
}

// OneWay says of a many-to-many field on its own model that links hold in one direction, as for followers.
func (b *RelationBuilder) OneWay() *RelationBuilder {
	b.s.rel.oneWay, b.s.rel.symmetrical = true, false
	return b
}

// ToField names the target's field that is stored, where it is not the primary key.
func (b *RelationBuilder) ToField(name string) *RelationBuilder {
	b.s.rel.toField = name
	return b
}

// NoConstraint keeps the reference out of the database's schema.
func (b *RelationBuilder) NoConstraint() *RelationBuilder {
	b.s.rel.noConstraint = true
	return b
}

// Label sets what people read as the field's name.
func (b *RelationBuilder) Label(label string) *RelationBuilder {
	return b.do(func(f *schema.Field) { f.Label = label })
}

// Help sets the sentence shown under the field in forms.
func (b *RelationBuilder) Help(text string) *RelationBuilder {
	return b.do(func(f *schema.Field) { f.Help = text })
}

// Blank lets the relation be empty in forms and validation.
func (b *RelationBuilder) Blank() *RelationBuilder {
	return b.do(func(f *schema.Field) { f.Blank, f.Optional = true, true })
}

// Required makes an empty relation an error, also where the column takes NULL.
func (b *RelationBuilder) Required() *RelationBuilder {
	return b.do(func(f *schema.Field) { f.Blank, f.Optional = false, false })
}

// ReadOnly keeps the relation out of forms.
func (b *RelationBuilder) ReadOnly() *RelationBuilder {
	return b.do(func(f *schema.Field) { f.Editable = false })
}

// Widget names the form widget to use.
func (b *RelationBuilder) Widget(name string) *RelationBuilder {
	return b.do(func(f *schema.Field) { f.Widget = name })
}

// ErrorMessage replaces the text for one kind of mistake: required, unique, invalid.
func (b *RelationBuilder) ErrorMessage(code, text string) *RelationBuilder {
	return b.do(func(f *schema.Field) {
		if f.ErrorMessages == nil {
			f.ErrorMessages = map[string]string{}
		}
		f.ErrorMessages[code] = text
	})
}
