package operations

// Kind says what a column holds, independent of any database. Its value is the name of the field constructor.
type Kind string

// The kinds of fields.
const (
	KindBigAuto    Kind = "BigAuto" // whole number given by the database, the primary key
	KindBigInt     Kind = "BigInt"
	KindInt        Kind = "Int"
	KindSmallInt   Kind = "SmallInt"
	KindUint       Kind = "Uint"
	KindBool       Kind = "Bool"
	KindFloat      Kind = "Float"
	KindDecimal    Kind = "Decimal"
	KindChar       Kind = "Char"
	KindText       Kind = "Text"
	KindDate       Kind = "Date"
	KindTime       Kind = "Time"
	KindDateTime   Kind = "DateTime"
	KindDuration   Kind = "Duration"
	KindUUID       Kind = "UUID"
	KindJSON       Kind = "JSON"
	KindBinary     Kind = "Binary"
	KindForeignKey Kind = "ForeignKey"
	KindOneToOne   Kind = "OneToOne"
	KindManyToMany Kind = "ManyToMany"
)

// IsReference reports whether the column holds the key of another row: ForeignKey and OneToOne.
func (k Kind) IsReference() bool { return k == KindForeignKey || k == KindOneToOne }

// IsRelation reports whether the field points at another model.
func (k Kind) IsRelation() bool { return k.IsReference() || k == KindManyToMany }

// IsInteger reports whether values are whole numbers.
func (k Kind) IsInteger() bool {
	switch k {
	case KindBigAuto, KindBigInt, KindInt, KindSmallInt, KindUint, KindDuration:
		return true
	}
	return false
}

// IsText reports whether values are strings of the user's making.
func (k Kind) IsText() bool { return k == KindChar || k == KindText }
