package schema

import "github.com/quintetgo/quintet/orm/dialect"

// Kind is the kind of values that a field holds, independent of the database.
type Kind uint8

// The kinds of fields. KindUnknown is the zero value and never appears in a registered model.
const (
	KindUnknown Kind = iota
	KindBigInt
	KindInt
	KindSmallInt
	KindUint
	KindBool
	KindFloat
	KindDecimal
	KindChar
	KindText
	KindSlug
	KindEmail
	KindURL
	KindIP
	KindDate
	KindTime
	KindDateTime
	KindDuration
	KindUUID
	KindJSON
	KindBinary
	KindForeignKey
	KindOneToOne
	KindManyToMany
)

var kindNames = [...]string{
	"Unknown", "BigInt", "Int", "SmallInt", "Uint", "Bool", "Float", "Decimal", "Char", "Text", "Slug", "Email", "URL", "IP",
	"Date", "Time", "DateTime", "Duration", "UUID", "JSON", "Binary", "ForeignKey", "OneToOne", "ManyToMany",
}

// String returns the kind's name, such as "DateTime".
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return kindNames[0]
}

// IsText reports whether values are stored as text: Char, Text, Slug, Email, URL and IP.
func (k Kind) IsText() bool {
	return k == KindChar || k == KindText || k == KindSlug || k == KindEmail || k == KindURL || k == KindIP
}

// IsInteger reports whether values are whole numbers.
func (k Kind) IsInteger() bool {
	return k == KindBigInt || k == KindInt || k == KindSmallInt || k == KindUint
}

// IsNumber reports whether values are numbers.
func (k Kind) IsNumber() bool { return k.IsInteger() || k == KindFloat || k == KindDecimal }

// IsTime reports whether values are dates, times of day or both.
func (k Kind) IsTime() bool { return k == KindDate || k == KindTime || k == KindDateTime }

// IsReference reports whether the column holds the key of another row: ForeignKey and OneToOne.
func (k Kind) IsReference() bool { return k == KindForeignKey || k == KindOneToOne }

// IsRelation reports whether the field points at another model.
func (k Kind) IsRelation() bool {
	return k == KindForeignKey || k == KindOneToOne || k == KindManyToMany
}

var storageTypes = [...]dialect.Type{
	KindBigInt: dialect.TypeBigInt, KindInt: dialect.TypeInt, KindSmallInt: dialect.TypeSmallInt, KindUint: dialect.TypeUint,
	KindBool: dialect.TypeBool, KindFloat: dialect.TypeFloat, KindDecimal: dialect.TypeDecimal,
	KindChar: dialect.TypeChar, KindSlug: dialect.TypeChar, KindEmail: dialect.TypeChar, KindURL: dialect.TypeChar,
	KindIP:   dialect.TypeChar,
	KindText: dialect.TypeText, KindDate: dialect.TypeDate, KindTime: dialect.TypeTime, KindDateTime: dialect.TypeDateTime,
	KindDuration: dialect.TypeDuration, KindUUID: dialect.TypeUUID, KindJSON: dialect.TypeJSON, KindBinary: dialect.TypeBinary,
}

// StorageType returns how values of the kind are stored. It is TypeUnknown for relations, whose columns have the type of
// the key that they hold; see [Field.StorageType].
func (k Kind) StorageType() dialect.Type {
	if int(k) < len(storageTypes) {
		return storageTypes[k]
	}
	return dialect.TypeUnknown
}

// StorageType returns how the field's column is stored.
func (f *Field) StorageType() dialect.Type { return f.ColumnKind().StorageType() }
