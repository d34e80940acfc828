package migrate

import (
	"context"
	"iter"

	"github.com/quintetgo/quintet/orm/migrate/rows"
	"github.com/quintetgo/quintet/orm/migrate/state"
)

// On depends on a migration of an app.
func On(app, name string) Dependency { return state.On(app, name) }

// OnModel depends on whichever migration made the model that an alias such as "auth.User" stands for.
func OnModel(alias string) Dependency { return state.OnModel(alias) }

// Names is a list of field names; "-created_at" means descending.
func Names(fields ...string) []string { return fields }

// NoOp is a function for [RunGo] that does nothing.
func NoOp(ctx context.Context, h *History) error { return rows.NoOp(ctx, h) }

// Rows returns the rows of a model as structs of type T, which the migration declares for itself:
//
//	type post struct{ ID int64; Title, Slug string }
//	for p, err := range m.Rows[post](ctx, h, "blog.Post", "slug", "") { … }
//
// filter holds pairs of a field and the value that it must have. Rows may be changed with [History.Save] meanwhile.
func Rows[T any](ctx context.Context, h *History, model string, filter ...any) iter.Seq2[T, error] {
	return rows.Each[T](ctx, h, model, filter...)
}

// BigAuto is a whole number that the database gives to new rows; it is the primary key.
func BigAuto(name string) Field { return state.BigAuto(name) }

// BigInt is a whole number of 64 bits.
func BigInt(name string) Field { return state.BigInt(name) }

// Int is a whole number of 32 bits.
func Int(name string) Field { return state.Int(name) }

// SmallInt is a whole number of 16 bits.
func SmallInt(name string) Field { return state.SmallInt(name) }

// Uint is a whole number that is never negative.
func Uint(name string) Field { return state.Uint(name) }

// Bool is true or false.
func Bool(name string) Field { return state.Bool(name) }

// Float is a floating-point number of 64 bits.
func Float(name string) Field { return state.Float(name) }

// Text is text of any length.
func Text(name string) Field { return state.Text(name) }

// Date is a day.
func Date(name string) Field { return state.Date(name) }

// Time is a time of day.
func Time(name string) Field { return state.Time(name) }

// DateTime is a moment, kept in UTC.
func DateTime(name string) Field { return state.DateTime(name) }

// Duration is a length of time, kept as nanoseconds.
func Duration(name string) Field { return state.Duration(name) }

// UUID is a 128-bit identifier.
func UUID(name string) Field { return state.UUID(name) }

// JSON is any value that encoding/json can write.
func JSON(name string) Field { return state.JSON(name) }

// Binary is a sequence of bytes.
func Binary(name string) Field { return state.Binary(name) }

// Decimal is an exact number with that many digits, scale of them after the point.
func Decimal(name string, precision, scale int) Field { return state.Decimal(name, precision, scale) }

// Char is text of at most size characters.
func Char(name string, size int) Field { return state.Char(name, size) }

// ForeignKey points at one row of model to, "blog.Author". Its column is called name_id and has an index.
func ForeignKey(name, to string) Field { return state.ForeignKey(name, to) }

// OneToOne points at one row of model to, which no other row points at.
func OneToOne(name, to string) Field { return state.OneToOne(name, to) }

// ManyToMany points at any number of rows of model to, through a table of its own.
func ManyToMany(name, to string) Field { return state.ManyToMany(name, to) }
