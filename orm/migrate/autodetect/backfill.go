package autodetect

import (
	"fmt"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/schema"
)

// backfill returns the field with the value for existing rows, or records a problem if there is none.
func (d *detector) backfill(m *operations.Model, f operations.Field) operations.Field {
	if d.o.Look {
		return f
	}
	if g := d.named(m, f); g.Options.Fill != nil || d.refused[m.Key()+"."+f.Name] {
		return g
	}
	if d.o.Default != nil && !f.IsUnique() {
		if value := d.o.Default(m, f); value != nil {
			return f.Backfill(value)
		}
	}
	if d.o.Ask == nil {
		d.problem(noValue(m, f))
		return f
	}
	for {
		value, err := d.o.Ask.Backfill(m, f)
		if err != nil {
			d.problem(err)
			return f
		}
		if err := d.fits(m, f, value); err != nil {
			d.o.Ask.Rejected(err)
			continue
		}
		return f.Backfill(value)
	}
}

// noValue returns the error for a required field without a value for existing rows.
func noValue(m *operations.Model, f operations.Field) error {
	message := fmt.Sprintf("%s.%s is required, and existing rows have no value for it.\n    Pass one: --default %s.%s=VALUE", m, f.Name, m,
		f.Name)
	if f.IsUnique() {
		message += fmt.Sprintf("\n    As it is unique, each row needs its own, by an SQL expression over the row: --default '%s.%s=SQL(…)'",
			m, f.Name)
	}
	return fmt.Errorf("%s\n    Or declare one in the model: Default(…) or Blank() in its Fields method, a default tag, or a pointer, "+
		"which allows NULL", message)
}

// named returns the field with its value in Backfills, if there is one.
func (d *detector) named(m *operations.Model, f operations.Field) operations.Field {
	if d.o.Look {
		return f
	}
	for i, b := range d.o.Backfills {
		if b.Field != f.Name || !strings.EqualFold(b.Model, m.Name) && !strings.EqualFold(b.Model, m.String()) {
			continue
		}
		d.used[i] = true
		value, err := ParseBackfill(d.kind(f), b.Value)
		if err == nil {
			err = d.fits(m, f, value)
		}
		if err != nil {
			d.refused[m.Key()+"."+f.Name] = true
			d.problem(fmt.Errorf("--default %s.%s=%s: %w", b.Model, b.Field, b.Value, err))
			return f
		}
		f = f.Backfill(value)
	}
	return f
}

// fits returns an error for a value that the model would refuse.
func (d *detector) fits(m *operations.Model, f operations.Field, value any) error {
	if text, ok := value.(string); ok && f.Kind == schema.KindChar && f.Options.Size > 0 && len([]rune(text)) > f.Options.Size {
		return fmt.Errorf("%q is longer than the field's %d characters", text, f.Options.Size)
	}
	if d.o.Valid == nil {
		return nil
	}
	return d.o.Valid(m, f, value)
}

// unused records a problem for every Backfill that no field uses, as a misspelled name would otherwise have no effect.
func (d *detector) unused() {
	for i, b := range d.o.Backfills {
		if d.used[i] || d.o.Look {
			continue
		}
		flag := fmt.Sprintf("--default %s.%s=%s", b.Model, b.Field, b.Value)
		m, err := findModel(d.to.Models(), b.Model, flag, "no model")
		if err != nil {
			d.problem(err)
			continue
		}
		f, ok := m.Field(b.Field)
		old := d.work.Find(m.Key())
		switch {
		case !ok:
			d.problem(fmt.Errorf("%s: model %s has no field %q%s", flag, m, b.Field, check.DidYouMean(b.Field, m.FieldNames())))
		case !d.wanted(m.App):
			d.problem(fmt.Errorf("%s: only changes of %s were requested", flag, strings.Join(d.o.Apps, ", ")))
		case old == nil:
			d.problem(fmt.Errorf("%s: the model is new, so there are no rows that need a value", flag))
		case !f.HasColumn():
			d.problem(fmt.Errorf("%s: a many-to-many relation has no value", flag))
		default:
			d.problem(fmt.Errorf("%s: the migrations have that field already, so no row needs a value now. To change the value in an "+
				"existing migration, edit its Backfill, as long as no database has that migration", flag))
		}
	}
}

// ParseBackfill parses a backfill: SQL(…) is an expression over the row, anything else a value; see [ParseValue].
func ParseBackfill(kind schema.Kind, text string) (any, error) {
	if expression, ok := strings.CutPrefix(text, "SQL("); ok && strings.HasSuffix(expression, ")") {
		return operations.SQL(strings.TrimSuffix(expression, ")")), nil
	}
	return ParseValue(kind, text)
}

// kind returns the kind of a field's values; for a reference that of its target.
func (d *detector) kind(f operations.Field) schema.Kind {
	for f.Kind.IsReference() {
		_, target, err := d.to.Target(f)
		if err != nil || target == f {
			return schema.KindBigInt
		}
		f = target
	}
	return f.Kind
}
