package orm

import "github.com/quintetgo/quintet/orm/schema"

// The metadata of models; see package schema.
type (
	Model       = schema.Model
	Field       = schema.Field
	Kind        = schema.Kind
	Fields      = schema.Fields
	Fielder     = schema.Fielder
	Meta        = schema.Meta
	Metaer      = schema.Metaer
	Choice      = schema.Choice
	Chooser     = schema.Chooser
	Index       = schema.Index
	Unique      = schema.Unique
	Check       = schema.Check
	Permission  = schema.Permission
	OnDelete    = schema.OnDelete
	LookupError = schema.LookupError
	ValueError  = schema.ValueError
)

// What happens to a row when the row it points at is deleted.
const (
	Cascade    = schema.Cascade
	Protect    = schema.Protect
	Restrict   = schema.Restrict
	SetNull    = schema.SetNull
	SetDefault = schema.SetDefault
	DoNothing  = schema.DoNothing
)

// The kinds of fields.
const (
	KindBigInt     = schema.KindBigInt
	KindInt        = schema.KindInt
	KindSmallInt   = schema.KindSmallInt
	KindUint       = schema.KindUint
	KindBool       = schema.KindBool
	KindFloat      = schema.KindFloat
	KindDecimal    = schema.KindDecimal
	KindChar       = schema.KindChar
	KindText       = schema.KindText
	KindSlug       = schema.KindSlug
	KindEmail      = schema.KindEmail
	KindURL        = schema.KindURL
	KindDate       = schema.KindDate
	KindTime       = schema.KindTime
	KindDateTime   = schema.KindDateTime
	KindDuration   = schema.KindDuration
	KindUUID       = schema.KindUUID
	KindJSON       = schema.KindJSON
	KindBinary     = schema.KindBinary
	KindForeignKey = schema.KindForeignKey
	KindOneToOne   = schema.KindOneToOne
	KindManyToMany = schema.KindManyToMany
)

// ModelsApp is implemented by apps that have models: pointers to structs, &Post{}.
type ModelsApp interface {
	Name() string
	Models() []any
}

// Describe begins the description of the field that p points at, inside a Fields method.
func Describe[T any](f *Fields, p *T) *schema.FieldBuilder[T] { return schema.Describe(f, p) }

// FK begins to describe the foreign key whose object p points at, &post.Author.
func FK[T any](f *Fields, p *T) *schema.RelationBuilder { return schema.FK(f, p) }

// FKTo makes the field that p points at a foreign key to the model with that registry name, "auth.User".
func FKTo[T any](f *Fields, p *T, model string) *schema.RelationBuilder {
	return schema.FKTo(f, p, model)
}

// M2M begins to describe the many-to-many field that p points at, &post.Tags.
func M2M[T any](f *Fields, p *T) *schema.RelationBuilder { return schema.M2M(f, p) }
