package dynamic

import (
	"context"
	"errors"
	"reflect"

	"github.com/quintetgo/quintet/orm/fault"
	"github.com/quintetgo/quintet/orm/internal/load"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/schema"
)

// constant is SQL that only constants of a program can be, as its type has no name elsewhere: text that was put together at run
// time, which may contain input, does not compile.
type constant string

// RawQuery is a statement written by hand, whose rows are objects of a model; see [Raw]. It is a value, like [Query].
type RawQuery struct {
	raw load.Raw
	err error
}

// Raw returns the objects of the rows that a statement selects. The SQL is a constant with a "?" for each argument, on every
// database, and "??" for a question mark. The model is given as in [From].
//
// The columns are matched with the model's by name, in any order; the primary key must be one of them. Fields without a column are
// unread, as with [Query.Only], and a column that the model does not have is an error.
func Raw(db DB, model any, sql constant, args ...any) RawQuery {
	return NewRaw(db, model, load.Raw{SQL: string(sql), Args: args})
}

// NewRaw is [Raw] with the statement of its internal form, for package orm.
func NewRaw(db DB, model any, raw load.Raw) RawQuery {
	q := From(db, model)
	raw.Session, raw.Model = q.session, q.query.Model
	return RawQuery{raw, q.err}
}

// Model returns the model of the objects, or nil if it is not known.
func (r RawQuery) Model() *schema.Model { return r.raw.Model }

// Prefetch loads related objects with one additional statement for each relation; see [Query.Prefetch].
func (r RawQuery) Prefetch(names ...string) RawQuery {
	for _, name := range names {
		r.raw.Prefetch = extend(r.raw.Prefetch, load.Prefetch{Path: name})
	}
	return r
}

// WithError returns the statement with an error that the method that runs it returns, unless it has one already.
func (r RawQuery) WithError(err error) RawQuery {
	if r.err == nil {
		r.err = err
	}
	return r
}

// All returns every row as a pointer to the model's struct.
func (r RawQuery) All(ctx context.Context) ([]any, error) {
	if r.err != nil {
		return nil, r.err
	}
	rows, err := r.raw.Annotated(ctx, nil)
	all := make([]any, len(rows))
	for i, row := range rows {
		all[i] = row.Object
	}
	return all, err
}

// First returns the first row, as a pointer to the model's struct. If there is none the error is a [*fault.NotFoundError]. The
// statement reads every row that it selects, so it should have a limit.
func (r RawQuery) First(ctx context.Context) (any, error) {
	all, err := r.All(ctx)
	if err == nil && len(all) == 0 {
		err = &fault.NotFoundError{Model: r.raw.Model}
	}
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// Values returns the rows of any statement as values of the database by the names of its columns; see [Raw] for the SQL.
func (r RawQuery) Values(ctx context.Context) ([]map[string]any, error) {
	if r.err != nil {
		return nil, r.err
	}
	return r.raw.Columns(ctx)
}

// RawSelect reads the rows of a statement into structs; see [Raw] for the SQL. An exported field of Row receives the column in its tag
// orm:"name", or the one called like the field in snake case; each field needs a column, and each column a field. An embedded
// struct of a model, or a pointer to one, receives the object that the other columns are of.
func RawSelect[Row any](ctx context.Context, db DB, sql constant, args ...any) ([]Row, error) {
	return SelectRaw[Row](ctx, db, load.Raw{SQL: string(sql), Args: args})
}

// SelectRaw is [RawSelect] with the statement of its internal form, for package orm.
func SelectRaw[Row any](ctx context.Context, db DB, raw load.Raw) ([]Row, error) {
	if db != nil {
		raw.Session = db.Session()
	}
	if raw.Session == nil {
		return nil, errors.New("orm: RawSelect received no database")
	}
	t := reflect.TypeFor[Row]()
	raw.Model = embedded(raw.Session, t)
	m := raw.Model
	if m == nil {
		m = &schema.Model{}
	}
	shape, err := shapeOf(t, m)
	if err != nil {
		return nil, err
	}
	rows, err := raw.Annotated(ctx, append([]string{}, shape.names...))
	if err != nil {
		return nil, err
	}
	all := make([]Row, len(rows))
	for i, row := range rows {
		if err := shape.decode(row.Values); err != nil {
			return nil, err
		}
		if err := shape.set(reflect.ValueOf(&all[i]).Elem(), row); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// embedded returns the model whose struct a row struct embeds, or nil.
func embedded(s *session.Session, t reflect.Type) *schema.Model {
	if t.Kind() != reflect.Struct {
		return nil
	}
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.Anonymous || !f.IsExported() {
			continue
		}
		if f.Type.Kind() == reflect.Pointer {
			f.Type = f.Type.Elem()
		}
		if m, err := s.ModelOf(f.Type); err == nil {
			return m
		}
	}
	return nil
}

// decode converts values of the driver to the types of the fields, in place.
func (s *shape) decode(values []any) error {
	for i, v := range values {
		if v == nil {
			continue
		}
		f := schema.Field{Name: s.names[i], Type: s.fields[i].Type, Kind: schema.KindOf(s.fields[i].Type)}
		decoded, err := f.Decode(v)
		if err != nil {
			return err
		}
		values[i] = decoded
	}
	return nil
}
