package ddl

import (
	"fmt"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/migrate/operations"
)

// Tables returns the changes of tables that the change of the models means: those of the models that differ, and of models
// that reference one of them. The tables of many-to-many fields follow the table of their model.
func (c Change) Tables() ([]dialect.TableChange, error) {
	if c.none {
		return nil, nil
	}
	pairs, err := c.pairs()
	if err != nil {
		return nil, err
	}
	list := make([]dialect.TableChange, len(pairs))
	for i, p := range pairs {
		list[i] = dialect.TableChange{Old: p.before.plain(), New: p.after.plain()}
		if p.before == nil || p.after == nil {
			continue
		}
		if list[i].Columns, err = c.columns(p.before, p.after); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// plain returns the table as drivers see it, nil for a nil table.
func (t *table) plain() *dialect.Table {
	if t == nil {
		return nil
	}
	plain := t.Table
	plain.Columns = make([]dialect.Column, len(t.columns))
	for i, c := range t.columns {
		plain.Columns[i] = c.Column
	}
	return &plain
}

// columns pairs the columns of a table before and after the change.
func (c Change) columns(before, after *table) ([]dialect.ColumnChange, error) {
	var list []dialect.ColumnChange
	named := after.id == identity{model: c.fillModel} // the change's fills are for this table
	for i := range after.columns {
		column := &after.columns[i]
		x := dialect.ColumnChange{New: &column.Column}
		if old := c.columnBefore(before, after, column.id); old != nil {
			x.Old, x.Altered = &old.Column, !c.sameColumn(*old, *column)
		}
		if named {
			x.Using = c.using[column.id]
		}
		value, ok := c.fills[column.id]
		switch {
		case ok && named:
			var err error
			if x.Fill, err = fillOf(value); err != nil {
				return nil, fmt.Errorf("table %s, column %s: %w", after.Name, column.Name, err)
			}
		case c.backward && !column.Null && column.Default == "" && column.Generated == "":
			x.Fill = zero(column.Column)
			x.Implied = x.Fill != nil
		}
		list = append(list, x)
	}
	for i := range before.columns {
		column := &before.columns[i]
		if c.columnAfter(before, after, *column) == nil {
			list = append(list, dialect.ColumnChange{Old: &column.Column})
		}
	}
	return list, nil
}

// columnAfter returns the column that a column of the old table becomes, or nil.
func (c Change) columnAfter(before, after *table, old column) *column {
	id := old.id
	if before.id.field == "" {
		id = c.fieldAfter(before.id.model, id)
	}
	for i := range after.columns {
		if after.columns[i].id == id {
			return &after.columns[i]
		}
	}
	return nil
}

// columnBefore returns the column of the old table that becomes the column id of the new one, or nil.
func (c Change) columnBefore(before, after *table, id string) *column {
	for i := range before.columns {
		if x := c.columnAfter(before, after, before.columns[i]); x != nil && x.id == id {
			return &before.columns[i]
		}
	}
	return nil
}

// fillOf returns a backfill as drivers take it.
func fillOf(value any) (any, error) {
	switch v := value.(type) {
	case operations.SQL:
		return dialect.Expression(v), nil
	case operations.Special:
		if v == operations.Now {
			return dialect.Now{}, nil
		}
		return nil, fmt.Errorf("unknown backfill %q", string(v))
	}
	return value, nil
}

// zero returns the value of a column that comes back NOT NULL when an operation is undone, if its type has an obvious one.
func zero(c dialect.Column) any {
	switch t := c.Type; {
	case c.References != (dialect.Reference{}), c.PrimaryKey:
		return nil
	case t.IsInteger(), t == dialect.TypeFloat, t == dialect.TypeDecimal:
		return 0
	case t == dialect.TypeBool:
		return false
	case t.IsText():
		return ""
	case t == dialect.TypeBinary:
		return []byte{}
	case t == dialect.TypeJSON:
		return dialect.Expression("'null'")
	case t.IsTime():
		return dialect.Now{}
	case t == dialect.TypeUUID:
		return "00000000-0000-0000-0000-000000000000"
	}
	return nil
}
