package declare

import (
	"reflect"
	"unsafe"

	"github.com/quintetgo/quintet/orm/schema"
)

// RelationBuilder describes a foreign key or a many-to-many field. Its methods return the builder, so that they can be
// chained.
type RelationBuilder struct{ s *spec }

// FK returns the description of the foreign key whose object p points at: declare.FK(f, &post.Author).
func FK[T any](f *Fields, p *T) *RelationBuilder {
	return relation(f, unsafe.Pointer(p), reflect.TypeFor[T](), relationSpec{})
}

// FKTo makes the field that p points at a foreign key to the model with that registry name, "auth.User". It is for
// apps that cannot import the other Go type.
func FKTo[T any](f *Fields, p *T, model string) *RelationBuilder {
	return relation(f, unsafe.Pointer(p), reflect.TypeFor[T](), relationSpec{to: model})
}

// M2M returns the description of the many-to-many field that p points at: declare.M2M(f, &post.Tags).
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

// OnDelete sets what happens to the row when the row that it points at is deleted: one of the constants such as
// [schema.Cascade], or a [schema.SetKey]. Without it deletions are refused, and the check orm.W001 reports the foreign key.
func (b *RelationBuilder) OnDelete(rule schema.DeleteRule) *RelationBuilder {
	b.s.rel.onDelete = rule
	return b
}

// Related sets the name of the reverse relation in lookups and queries: "posts". The default is the name of the other
// struct's field for the objects, or of this model. "-" means that there is no reverse relation.
func (b *RelationBuilder) Related(name string) *RelationBuilder {
	b.s.rel.related = name
	return b
}

// RelatedQuery adds a name for the reverse relation in lookups, beside that of Related: with Related("posts") and
// RelatedQuery("post"), both "posts__title" and "post__title" are lookups on the authors. The default is none. Without a reverse
// relation it is reported as a problem of the model, orm.E027.
func (b *RelationBuilder) RelatedQuery(name string) *RelationBuilder {
	b.s.rel.lookup = name
	return b
}

// LimitChoicesTo restricts the objects that the relation may refer to, by a condition on their model: an orm.Condition, or an
// dynamic.ConditionFunc, which is called with the context of each form. Forms, the admin and DB.Validate accept no other objects,
// except those that the stored object refers to already. Create and Save do not evaluate it. The default is all objects.
func (b *RelationBuilder) LimitChoicesTo(condition schema.Condition) *RelationBuilder {
	b.s.rel.limit = condition
	return b
}

// Through sets the through model of a many-to-many relation, as a pointer to its struct: &Membership{}. By default a
// table with the two keys is created.
func (b *RelationBuilder) Through(model any) *RelationBuilder {
	b.s.rel.through = model
	return b
}

// OneToOne makes the column unique, so that at most one object points at each target.
func (b *RelationBuilder) OneToOne() *RelationBuilder {
	b.s.rel.oneToOne = true
	return b.do(func(f *schema.Field) { f.Unique = true })
}

// Symmetrical makes each link of a many-to-many field to its own model hold in both directions, as for friends: adding or
// removing one adds or removes both. There is no reverse relation then.
func (b *RelationBuilder) Symmetrical() *RelationBuilder {
	b.s.rel.symmetrical, b.s.rel.oneWay = true, false
	return b
}

// OneWay makes the links of a many-to-many field to its own model hold in one direction, as for followers.
func (b *RelationBuilder) OneWay() *RelationBuilder {
	b.s.rel.oneWay, b.s.rel.symmetrical = true, false
	return b
}

// ToField sets the field of the target that the foreign key stores, by name. The default is the primary key.
func (b *RelationBuilder) ToField(name string) *RelationBuilder {
	b.s.rel.toField = name
	return b
}

// NoConstraint omits the foreign key constraint from the database.
func (b *RelationBuilder) NoConstraint() *RelationBuilder {
	b.s.rel.noConstraint = true
	return b
}

// Label sets the user-facing name of the field. The default is the Go name, split into words.
func (b *RelationBuilder) Label(label string) *RelationBuilder {
	return b.do(func(f *schema.Field) { f.Label = label })
}

// Help sets the user-facing sentence that forms show below the field. The default is none.
func (b *RelationBuilder) Help(text string) *RelationBuilder {
	return b.do(func(f *schema.Field) { f.Help = text })
}

// Blank lets the relation be empty in forms and validation.
func (b *RelationBuilder) Blank() *RelationBuilder {
	return b.do(func(f *schema.Field) { f.Blank, f.Optional = true, true })
}

// Required makes an empty relation an error, even if the column takes NULL.
func (b *RelationBuilder) Required() *RelationBuilder {
	return b.do(func(f *schema.Field) { f.Blank, f.Optional = false, false })
}

// ReadOnly excludes the relation from forms.
func (b *RelationBuilder) ReadOnly() *RelationBuilder {
	return b.do(func(f *schema.Field) { f.Editable = false })
}

// Widget sets the form widget by its name. The default is that of the kind.
func (b *RelationBuilder) Widget(name string) *RelationBuilder {
	return b.do(func(f *schema.Field) { f.Widget = name })
}

// ErrorMessage replaces the user-facing text of one kind of error: required, unique or invalid.
func (b *RelationBuilder) ErrorMessage(code, text string) *RelationBuilder {
	return b.do(func(f *schema.Field) {
		if f.ErrorMessages == nil {
			f.ErrorMessages = map[string]string{}
		}
		f.ErrorMessages[code] = text
	})
}
