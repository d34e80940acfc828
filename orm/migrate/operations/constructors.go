package operations

import "github.com/quintetgo/quintet/orm/schema"

// BigAuto is a whole number that the database assigns to new rows; it is the primary key.
func BigAuto(name string) Field {
	return Field{Name: name, Kind: schema.KindBigInt, Options: Options{Auto: true}}
}

// Auto is a whole number of 32 bits that the database assigns to new rows; it is the primary key.
func Auto(name string) Field {
	return Field{Name: name, Kind: schema.KindInt, Options: Options{Auto: true}}
}

// SmallAuto is a whole number of 16 bits that the database assigns to new rows; it is the primary key.
func SmallAuto(name string) Field {
	return Field{Name: name, Kind: schema.KindSmallInt, Options: Options{Auto: true}}
}

// BigInt is a whole number of 64 bits.
func BigInt(name string) Field { return Field{Name: name, Kind: schema.KindBigInt} }

// Int is a whole number of 32 bits.
func Int(name string) Field { return Field{Name: name, Kind: schema.KindInt} }

// SmallInt is a whole number of 16 bits.
func SmallInt(name string) Field { return Field{Name: name, Kind: schema.KindSmallInt} }

// Uint is a whole number from 0.
func Uint(name string) Field { return Field{Name: name, Kind: schema.KindUint} }

// Bool is true or false.
func Bool(name string) Field { return Field{Name: name, Kind: schema.KindBool} }

// Float is a floating-point number of 64 bits.
func Float(name string) Field { return Field{Name: name, Kind: schema.KindFloat} }

// Decimal is an exact number of at most precision digits, scale of them after the point.
func Decimal(name string, precision, scale int) Field {
	return Field{Name: name, Kind: schema.KindDecimal, Options: Options{Precision: precision, Scale: scale}}
}

// Char is text of at most size characters.
func Char(name string, size int) Field {
	return Field{Name: name, Kind: schema.KindChar, Options: Options{Size: size}}
}

// Text is text of any length.
func Text(name string) Field { return Field{Name: name, Kind: schema.KindText} }

// Date is a day.
func Date(name string) Field { return Field{Name: name, Kind: schema.KindDate} }

// Time is a time of day.
func Time(name string) Field { return Field{Name: name, Kind: schema.KindTime} }

// DateTime is a point in time, stored in UTC.
func DateTime(name string) Field { return Field{Name: name, Kind: schema.KindDateTime} }

// Duration is a length of time, stored as nanoseconds.
func Duration(name string) Field { return Field{Name: name, Kind: schema.KindDuration} }

// UUID is a 128-bit identifier.
func UUID(name string) Field { return Field{Name: name, Kind: schema.KindUUID} }

// JSON is any value that encoding/json can write.
func JSON(name string) Field { return Field{Name: name, Kind: schema.KindJSON} }

// Binary is a sequence of bytes.
func Binary(name string) Field { return Field{Name: name, Kind: schema.KindBinary} }

// ForeignKey references one row of the model to, "blog.Author". The name of its column is name_id; it has an index.
func ForeignKey(name, to string) Field {
	return Field{Name: name, Kind: schema.KindForeignKey, Options: Options{To: to}}
}

// OneToOne references one row of the model to, which no other row references.
func OneToOne(name, to string) Field {
	return Field{Name: name, Kind: schema.KindOneToOne, Options: Options{To: to}}
}

// ManyToMany references any number of rows of the model to, through a table.
func ManyToMany(name, to string) Field {
	return Field{Name: name, Kind: schema.KindManyToMany, Options: Options{To: to}}
}

// Names returns field names as the Fields of an [Index] or [Unique] take them; "-created_at" means descending.
func Names(fields ...string) []string { return fields }
