package dialect

// Type is how a column is stored, independent of any database. It is coarser than the kinds of package schema: an
// email address is a TypeChar, and a foreign key has the type of the key that it holds.
type Type uint8

// The storage types. TypeUnknown is the zero value: a computed value about which nothing is known.
const (
	TypeUnknown  Type = iota
	TypeBigInt        // whole number of 64 bits
	TypeInt           // whole number of 32 bits
	TypeSmallInt      // whole number of 16 bits
	TypeUint          // whole number from 0, of 63 bits
	TypeBool          // true or false
	TypeFloat         // floating-point number of 64 bits
	TypeDecimal       // exact number; precision and scale are declared beside it
	TypeChar          // text of a declared greatest length
	TypeText          // text of any length
	TypeDate          // a day
	TypeTime          // a time of day
	TypeDateTime      // a point in time, in UTC
	TypeDuration      // a number of nanoseconds, stored as a TypeBigInt
	TypeUUID          // a 128-bit identifier
	TypeJSON          // a JSON document
	TypeBinary        // bytes
)

var typeNames = [...]string{
	"Unknown", "BigInt", "Int", "SmallInt", "Uint", "Bool", "Float", "Decimal", "Char", "Text", "Date", "Time", "DateTime",
	"Duration", "UUID", "JSON", "Binary",
}

// String returns the name of the type, such as "DateTime".
func (t Type) String() string {
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return typeNames[0]
}

// IsInteger reports whether the values are whole numbers. A duration is one.
func (t Type) IsInteger() bool {
	switch t {
	case TypeBigInt, TypeInt, TypeSmallInt, TypeUint, TypeDuration:
		return true
	}
	return false
}

// IsText reports whether the values are text: TypeChar and TypeText.
func (t Type) IsText() bool { return t == TypeChar || t == TypeText }

// IsTime reports whether the values are dates, times of day or points in time.
func (t Type) IsTime() bool { return t == TypeDate || t == TypeTime || t == TypeDateTime }
