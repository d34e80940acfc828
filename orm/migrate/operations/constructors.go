package operations

// BigAuto is a whole number that the database gives to new rows; it is the primary key.
func BigAuto(name string) Field { return Field{Name: name, Kind: KindBigAuto} }

// BigInt is a whole number of 64 bits.
func BigInt(name string) Field { return Field{Name: name, Kind: KindBigInt} }

// Int is a whole number of 32 bits.
func Int(name string) Field { return Field{Name: name, Kind: KindInt} }

// SmallInt is a whole number of 16 bits.
func SmallInt(name string) Field { return Field{Name: name, Kind: KindSmallInt} }

// Uint is a whole number that is never negative.
func Uint(name string) Field { return Field{Name: name, Kind: KindUint} }

// Bool is true or false.
func Bool(name string) Field { return Field{Name: name, Kind: KindBool} }

// Float is a floating-point number of 64 bits.
func Float(name string) Field { return Field{Name: name, Kind: KindFloat} }

// Decimal is an exact number with that many digits, scale of them after the point.
func Decimal(name string, precision, scale int) Field {
	return Field{Name: name, Kind: KindDecimal, Options: Options{Precision: precision, Scale: scale}}
}

// Char is text of at most size characters.
func Char(name string, size int) Field {
	return Field{Name: name, Kind: KindChar, Options: Options{Size: size}}
}

// Text is text of any length.
func Text(name string) Field { return Field{Name: name, Kind: KindText} }

// Date is a day.
func Date(name string) Field { return Field{Name: name, Kind: KindDate} }

// Time is a time of day.
func Time(name string) Field { return Field{Name: name, Kind: KindTime} }

// DateTime is a moment, kept in UTC.
func DateTime(name string) Field { return Field{Name: name, Kind: KindDateTime} }

// Duration is a length of time, kept as nanoseconds.
func Duration(name string) Field { return Field{Name: name, Kind: KindDuration} }

// UUID is a 128-bit identifier.
func UUID(name string) Field { return Field{Name: name, Kind: KindUUID} }

// JSON is any value that encoding/json can write.
func JSON(name string) Field { return Field{Name: name, Kind: KindJSON} }

// Binary is a sequence of bytes.
func Binary(name string) Field { return Field{Name: name, Kind: KindBinary} }

// ForeignKey points at one row of model to, "blog.Author". Its column is called name_id and has an index.
func ForeignKey(name, to string) Field {
	return Field{Name: name, Kind: KindForeignKey, Options: Options{To: to}}
}

// OneToOne points at one row of model to, which no other row points at.
func OneToOne(name, to string) Field {
	return Field{Name: name, Kind: KindOneToOne, Options: Options{To: to}}
}

// ManyToMany points at any number of rows of model to, through a table of its own.
func ManyToMany(name, to string) Field {
	return Field{Name: name, Kind: KindManyToMany, Options: Options{To: to}}
}

// Names returns field names as the Fields of an [Index] or [Unique] take them; "-created_at" means descending.
func Names(fields ...string) []string { return fields }
