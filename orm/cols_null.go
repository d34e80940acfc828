package orm

import "github.com/quintetgo/quintet/orm/internal/compile"

func setNull[T any](path string) Assign[T] { return Assign[T]{compile.Set{Name: path}} }

// NullCol is a column that may be NULL.
type NullCol[T, V any] struct{ Col[T, V] }

// NullColAt makes the column called name at a path from T.
func NullColAt[T, V any](path, name string) NullCol[T, V] {
	return NullCol[T, V]{ColAt[T, V](path, name)}
}

// SetNull makes the column NULL.
func (c NullCol[T, V]) SetNull() Assign[T] { return setNull[T](c.path()) }

// NullNum is a column of numbers that may be NULL.
type NullNum[T any, V Number] struct{ Num[T, V] }

// NullNumAt makes the number column called name at a path from T.
func NullNumAt[T any, V Number](path, name string) NullNum[T, V] {
	return NullNum[T, V]{NumAt[T, V](path, name)}
}

// SetNull makes the column NULL.
func (c NullNum[T, V]) SetNull() Assign[T] { return setNull[T](c.path()) }

// NullStr is a column of text that may be NULL.
type NullStr[T any] struct{ Str[T] }

// NullStrAt makes the text column called name at a path from T.
func NullStrAt[T any](path, name string) NullStr[T] { return NullStr[T]{StrAt[T](path, name)} }

// SetNull makes the column NULL.
func (c NullStr[T]) SetNull() Assign[T] { return setNull[T](c.path()) }

// NullBool is a column of true, false and NULL.
type NullBool[T any] struct{ Bool[T] }

// NullBoolAt makes the bool column called name at a path from T.
func NullBoolAt[T any](path, name string) NullBool[T] { return NullBool[T]{BoolAt[T](path, name)} }

// SetNull makes the column NULL.
func (c NullBool[T]) SetNull() Assign[T] { return setNull[T](c.path()) }

// NullTime is a column of dates or moments that may be NULL.
type NullTime[T any] struct{ Time[T] }

// NullTimeAt makes the time column called name at a path from T.
func NullTimeAt[T any](path, name string) NullTime[T] { return NullTime[T]{TimeAt[T](path, name)} }

// SetNull makes the column NULL.
func (c NullTime[T]) SetNull() Assign[T] { return setNull[T](c.path()) }
