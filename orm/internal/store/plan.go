package store

import (
	"fmt"
	"slices"
	"sync"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/constraint"
	"github.com/quintetgo/quintet/orm/internal/rowsql"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/schema"
)

// plan is what writing rows of one model needs, prepared once.
type plan struct {
	model       *schema.Model
	fields      []planField     // all of the model's, in its order
	relations   []*schema.Field // foreign keys beside a struct field for the related object
	times       []*schema.Field // set to the time of writing
	key         *schema.Field   // the primary key that the program fills if it is empty, nil for none
	inserts     statements      // by the columns that the database fills
	updates     statements      // by the columns that keep their value
	selections  selections      // of SaveFields
	generated   []*schema.Field // columns that the database computes
	constraints int             // their number
	unenforced  bool            // the database does not know some of them
	returning   bool            // INSERT has a RETURNING clause
	resultKey   bool            // the result of an INSERT of one row has its number
}

// planField is a field with what a write does with it.
type planField struct {
	*schema.Field
	validates  bool            // its value is checked
	serialized bool            // a GORM serializer encodes it
	limits     dialect.Dialect // of the database that may round its decimals, nil for none

	plain          plain
	offset         uintptr // of a plain value
	lowest, utmost int64   // of a plain number
	isKey          bool    // a primary or foreign key
}

func newPlanField(f *schema.Field) planField {
	p := planField{Field: f, validates: validates(f), serialized: f.Serialized(), plain: plainOf(f)}
	p.offset, _ = f.Offset()
	p.lowest, p.utmost, _ = f.Limits()
	p.isKey = f.PrimaryKey || f.Relation != nil
	return p
}

// statement is a statement that writes some columns of one row.
type statement struct {
	columns []*schema.Field // in the order of their arguments
	filled  []*schema.Field // by the database, in an INSERT
	skips   []bool          // by the index of plan.fields: the field is not among columns
	keys    int             // how many values that find the row follow those of the columns

	largestOnce sync.Once
	largest     string // the INSERT of as many rows as one statement takes
	sql         string
}

func planOf(s *session.Session, m *schema.Model) *plan {
	return session.Cached(s, planKey{m}, func() *plan { return newPlan(s, m) })
}

type planKey struct{ model *schema.Model }

func newPlan(s *session.Session, m *schema.Model) *plan {
	d := s.Dialect()
	p := &plan{model: m, returning: dialect.Keys(d) == dialect.KeysReturned, resultKey: dialect.ResultHasKey(d)}
	for _, f := range m.Fields {
		field := newPlanField(f)
		if f.ColumnKind() == schema.KindDecimal && !dialect.Has(d, dialect.ExactDecimals) {
			field.limits = d
		}
		p.fields = append(p.fields, field)
		if r := f.Relation; r != nil && r.GoName != "" {
			p.relations = append(p.relations, f)
		}
		if f.AutoNow || f.AutoNowAdd {
			p.times = append(p.times, f)
		}
		if f.Generated != "" {
			p.generated = append(p.generated, f)
		}
		if f.ReadOnly() {
			continue
		}
		if f.Auto && f.PrimaryKey || f.DBDefault != "" {
			p.inserts.optional = append(p.inserts.optional, f)
		}
		if f.AutoNowAdd && !f.AutoNow && !f.PrimaryKey {
			p.updates.optional = append(p.updates.optional, f)
		}
	}
	p.constraints, p.unenforced = constraint.Declared(m)
	if f := m.PK; f != nil && !f.Auto && f.DBDefault == "" && (f.Default != nil || f.Kind == schema.KindUUID) {
		p.key = f
	}
	p.inserts.build = func(omitted []*schema.Field) *statement {
		st := p.columnsWithout(omitted, true)
		st.filled = slices.Concat(omitted, p.generated)
		st.sql = rowsql.Insert(d, m, st.columns, p.returnedOne(st), 1)
		return st
	}
	p.updates.build = func(omitted []*schema.Field) *statement {
		st := p.columnsWithout(omitted, false)
		st.keys = p.keys()
		st.sql = rowsql.UpdateRow(d, m, st.columns)
		return st
	}
	return p
}

// keys returns how many values find a row: those of the primary key and the tenant, and the version.
func (p *plan) keys() int {
	if p.model.Version != nil {
		return len(p.model.RowKeys()) + 1
	}
	return len(p.model.RowKeys())
}

// columnsWithout returns a statement, without its text, of every column that is written but the omitted ones. An UPDATE
// writes no key, and counts up the version by itself.
func (p *plan) columnsWithout(omitted []*schema.Field, inserts bool) *statement {
	st := &statement{skips: make([]bool, len(p.fields))}
	for i, f := range p.fields {
		written := f.Updatable() && !f.PrimaryKey && !f.Version
		if inserts {
			written = f.Insertable()
		}
		if !written || contains(omitted, f.Field) {
			st.skips[i] = true
			continue
		}
		st.columns = append(st.columns, f.Field)
	}
	return st
}

// columnsOf is columnsWithout for the columns that SaveFields writes.
func (p *plan) columnsOf(columns []*schema.Field) *statement {
	st := &statement{skips: make([]bool, len(p.fields)), keys: p.keys()}
	for i, f := range p.fields {
		if st.skips[i] = !contains(columns, f.Field); !st.skips[i] {
			st.columns = append(st.columns, f.Field)
		}
	}
	return st
}

// returnedOne returns the columns that an INSERT of one row returns.
func (p *plan) returnedOne(st *statement) []*schema.Field {
	if pk := p.model.PK; p.resultKey && len(st.filled) == 1 && st.filled[0] == pk && pk.Auto {
		return nil
	}
	return p.returned(st)
}

// insertMany returns the text of an INSERT of several rows. That of the largest number of rows is kept.
func (p *plan) insertMany(d dialect.Dialect, st *statement, rows, most int) string {
	if rows < most {
		return rowsql.Insert(d, p.model, st.columns, p.returned(st), rows)
	}
	st.largestOnce.Do(func() { st.largest = rowsql.Insert(d, p.model, st.columns, p.returned(st), rows) })
	return st.largest
}

// returned returns the columns that an INSERT returns.
func (p *plan) returned(st *statement) []*schema.Field {
	if !p.returning {
		return nil
	}
	return st.filled
}

// writable returns the columns of SaveFields, each once.
func (p *plan) writable(names []string) ([]*schema.Field, error) {
	m := p.model
	var columns []*schema.Field
	for _, name := range names {
		f, err := m.Field(name)
		switch {
		case err != nil:
			return nil, err
		case f.Kind == schema.KindManyToMany:
			return nil, fmt.Errorf("orm: %s is many-to-many and has no column; change it with db.Related(obj, %q).Set", f, f.Name)
		case f.PrimaryKey || f.Version || !f.Updatable():
			return nil, fmt.Errorf("orm: %s cannot be changed", f)
		case !contains(columns, f):
			columns = append(columns, f)
		}
	}
	if len(columns) == 0 {
		return nil, nil
	}
	for _, f := range m.Fields {
		if f.AutoNow && f.Updatable() && !contains(columns, f) {
			columns = append(columns, f)
		}
	}
	return columns, nil
}

// statements keeps the statements of a model by the columns that an object leaves out.
type statements struct {
	optional []*schema.Field // the columns that an object leaves out while they are zero
	build    func(omitted []*schema.Field) *statement

	mu    sync.RWMutex
	known map[string]*statement // by one byte for each optional column, 1 if it is left out
}

// of returns the statement that leaves out the optional columns that are zero in obj.
func (s *statements) of(obj any) *statement {
	var buffer [16]byte
	key := buffer[:0]
	for _, f := range s.optional {
		if f.IsZero(obj) {
			key = append(key, 1)
		} else {
			key = append(key, 0)
		}
	}
	s.mu.RLock()
	st := s.known[string(key)]
	s.mu.RUnlock()
	if st != nil {
		return st
	}
	var omitted []*schema.Field
	for i, f := range s.optional {
		if key[i] == 1 {
			omitted = append(omitted, f)
		}
	}
	st = s.build(omitted)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil {
		s.known = map[string]*statement{}
	}
	s.known[string(key)] = st
	return st
}
