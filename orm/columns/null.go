package columns

// NullColumn is a column that may be NULL.
type NullColumn[V any] struct{ Column[V] }

// NullColumnAt returns the column called name of the model at r.
//
//go:noinline
func NullColumnAt[V any](r Rel, name string) NullColumn[V] {
	return NullColumn[V]{ColumnAt[V](r, name)}
}

// SetNull assigns NULL to the column.
func (c NullColumn[V]) SetNull() Assign { return set(c.column, nil) }

// NullNumeric is a column of numbers that may be NULL.
type NullNumeric[V Number] struct{ Numeric[V] }

// NullNumericAt returns the number column called name of the model at r.
//
//go:noinline
func NullNumericAt[V Number](r Rel, name string) NullNumeric[V] {
	return NullNumeric[V]{NumericAt[V](r, name)}
}

// SetNull assigns NULL to the column.
func (c NullNumeric[V]) SetNull() Assign { return set(c.column, nil) }

// NullString is a column of text that may be NULL.
type NullString struct{ String }

// NullStringAt returns the text column called name of the model at r.
//
//go:noinline
func NullStringAt(r Rel, name string) NullString { return NullString{StringAt(r, name)} }

// SetNull assigns NULL to the column.
func (c NullString) SetNull() Assign { return set(c.column, nil) }

// NullBool is a column of true, false and NULL.
type NullBool struct{ Bool }

// NullBoolAt returns the bool column called name of the model at r.
//
//go:noinline
func NullBoolAt(r Rel, name string) NullBool { return NullBool{BoolAt(r, name)} }

// SetNull assigns NULL to the column.
func (c NullBool) SetNull() Assign { return set(c.column, nil) }

// NullTime is a column of dates or times that may be NULL.
type NullTime struct{ Time }

// NullTimeAt returns the time column called name of the model at r.
//
//go:noinline
func NullTimeAt(r Rel, name string) NullTime { return NullTime{TimeAt(r, name)} }

// SetNull assigns NULL to the column.
func (c NullTime) SetNull() Assign { return set(c.column, nil) }

// NullInt64 is a column of int64 that may be NULL.
type NullInt64 struct{ Int64 }

// NullInt64At returns the int64 column called name of the model at r.
//
//go:noinline
func NullInt64At(r Rel, name string) NullInt64 { return NullInt64{Int64At(r, name)} }

// SetNull assigns NULL to the column.
func (c NullInt64) SetNull() Assign { return set(c.column, nil) }

// NullInt is a column of int that may be NULL.
type NullInt struct{ Int }

// NullIntAt returns the int column called name of the model at r.
//
//go:noinline
func NullIntAt(r Rel, name string) NullInt { return NullInt{IntAt(r, name)} }

// SetNull assigns NULL to the column.
func (c NullInt) SetNull() Assign { return set(c.column, nil) }

// NullFloat64 is a column of float64 that may be NULL.
type NullFloat64 struct{ Float64 }

// NullFloat64At returns the float64 column called name of the model at r.
//
//go:noinline
func NullFloat64At(r Rel, name string) NullFloat64 { return NullFloat64{Float64At(r, name)} }

// SetNull assigns NULL to the column.
func (c NullFloat64) SetNull() Assign { return set(c.column, nil) }
