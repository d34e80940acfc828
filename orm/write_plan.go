package orm

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/schema"
)

// writePlan is the SQL that writes rows of one model, made once.
type writePlan struct {
	model    *Model
	table    string
	columns  []*Field // all that are written, primary key included
	rest     []*Field // columns without the key that the database numbers
	insert   string   // of every column
	insertID string   // of every column but the one that the database numbers; "" if there is none
	update   string   // of every column but the keys, by key
	updated  []*Field // the columns of update
	simple   bool     // no column has a database default, so that insert or insertID always fits
}

func (db *DB) plan(m *Model) *writePlan {
	return session.Cached(db.session, planKey{m}, func() *writePlan { return db.newPlan(m) })
}

type planKey struct{ model *Model }

func (db *DB) newPlan(m *Model) *writePlan {
	p := &writePlan{model: m, table: db.Dialect().Quote(m.Table), simple: true}
	for _, f := range m.Fields {
		if f.ReadOnly() {
			continue
		}
		p.columns = append(p.columns, f)
		if f.DBDefault != "" {
			p.simple = false
		}
		if !f.PrimaryKey {
			p.updated = append(p.updated, f)
		}
	}
	p.insert = db.insertSQL(p, p.columns, nil, 1)
	if m.PK != nil && m.PK.Auto {
		for _, f := range p.columns {
			if f != m.PK {
				p.rest = append(p.rest, f)
			}
		}
		p.insertID = db.insertSQL(p, p.rest, []*Field{m.PK}, 1)
	}
	p.update = db.updateSQL(p, p.updated)
	return p
}

// insertSQL writes an INSERT of some columns and rows that gives other columns back.
func (db *DB) insertSQL(p *writePlan, columns, returning []*Field, rows int) string {
	d := db.Dialect()
	var b strings.Builder
	b.WriteString("INSERT INTO " + p.table)
	if len(columns) == 0 {
		w := dialect.NewWriter(d)
		w.DefaultValues()
		b.WriteString(w.SQL())
	} else {
		b.WriteString(" (" + db.columnList(columns) + ") VALUES ")
		n := 0
		for row := range rows {
			if row > 0 {
				b.WriteString(", ")
			}
			b.WriteByte('(')
			for i := range columns {
				if i > 0 {
					b.WriteString(", ")
				}
				n++
				b.WriteString(d.Placeholder(n))
			}
			b.WriteByte(')')
		}
	}
	if len(returning) > 0 {
		b.WriteString(" RETURNING " + db.selectList(returning))
	}
	return b.String()
}

func (db *DB) columnList(columns []*Field) string {
	d := db.Dialect()
	names := make([]string, len(columns))
	for i, f := range columns {
		names[i] = d.Quote(f.Column)
	}
	return strings.Join(names, ", ")
}

// selectList is columnList where values are read: in the form that every driver gives as it is stored.
func (db *DB) selectList(columns []*Field) string {
	w := dialect.NewWriter(db.Dialect())
	for i, f := range columns {
		if i > 0 {
			w.Text(", ")
		}
		w.ReadColumn("", f.Column, f.StorageType())
	}
	return w.SQL()
}

// updateSQL writes an UPDATE of some columns of the row with a key.
func (db *DB) updateSQL(p *writePlan, columns []*Field) string {
	d := db.Dialect()
	var b strings.Builder
	b.WriteString("UPDATE " + p.table + " SET ")
	for i, f := range columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(d.Quote(f.Column) + " = " + d.Placeholder(i+1))
	}
	b.WriteString(" WHERE ")
	for i, f := range p.model.PrimaryKeys {
		if i > 0 {
			b.WriteString(" AND ")
		}
		b.WriteString(d.Quote(f.Column) + " = " + d.Placeholder(len(columns)+i+1))
	}
	return b.String()
}

// arguments encodes the values of some columns of an object. One that the database could not give back is a
// [*ValidationError] of its field, also where nothing else is validated.
func arguments(ctx context.Context, obj any, columns []*Field, into []any) ([]any, error) {
	for _, f := range columns {
		v, err := f.DBValue(ctx, obj)
		if err != nil {
			return nil, refused(f.Model, err)
		}
		into = append(into, v)
	}
	return into, nil
}

// stamp sets the fields that hold the time of writing.
func stamp(m *Model, obj any, create bool) error {
	var now time.Time
	for _, f := range m.Fields {
		if !f.AutoNow && !(create && f.AutoNowAdd) {
			continue
		}
		if !f.AutoNow && !f.IsZero(obj) {
			continue // AutoNowAdd keeps what the object brings
		}
		if now.IsZero() {
			now = time.Now()
		}
		if err := f.SetNow(obj, now); err != nil {
			return err
		}
	}
	return nil
}

// matchRelations brings loaded objects and the keys beside them together: an empty key is taken from the object, another
// key is an error, as nobody could say which of the two was meant.
func matchRelations(m *Model, obj any) error {
	for _, f := range m.Fields {
		r := f.Relation
		if r == nil || r.To == nil || r.GoName == "" {
			continue
		}
		related := r.Object(obj)
		if related == nil {
			continue
		}
		key := schema.Indirect(r.ToField.Value(related))
		own := schema.Indirect(f.Value(obj))
		if r.ToField.IsZero(related) {
			if f.IsBlank(f.Value(obj)) {
				return fmt.Errorf("orm: %s: the %s in %s has no key yet; create it first", m, r.To, r.GoName)
			}
			continue // an empty struct beside a key says nothing
		}
		if f.IsBlank(f.Value(obj)) {
			if err := f.Set(obj, key); err != nil {
				return err
			}
			continue
		}
		if fmt.Sprint(own) != fmt.Sprint(key) {
			return fmt.Errorf("orm: %s: %s is %v but %s has the key %v; set one of them to the other, or %s to nil: %w",
				m, f.GoName, own, r.GoName, key, r.GoName, ErrRelationMismatch)
		}
	}
	return nil
}
