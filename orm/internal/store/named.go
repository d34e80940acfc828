package store

import (
	"encoding/binary"
	"slices"
	"sync"

	"github.com/quintetgo/quintet/orm/internal/rowsql"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/schema"
)

// selection is what SaveFields writes for some names.
type selection struct {
	columns   []*schema.Field
	names     []string   // of the columns
	checked   []bool     // by the index of plan.fields: the caller named the field
	statement *statement // nil if there are no columns
}

// selections keeps selections by the names that callers pass. These come from the program; if there are too many
// combinations, all are forgotten.
type selections struct {
	mu    sync.RWMutex
	known map[string]*selection
}

const maxSelections = 256

// selected returns the selection of some names. The error is that of a name that cannot be written.
func (p *plan) selected(s *session.Session, names []string) (*selection, error) {
	var buffer [128]byte
	key := buffer[:0]
	for _, name := range names {
		key = append(binary.AppendUvarint(key, uint64(len(name))), name...)
	}
	p.selections.mu.RLock()
	known := p.selections.known[string(key)]
	p.selections.mu.RUnlock()
	if known != nil {
		return known, nil
	}
	made, err := p.newSelection(s, names)
	if err != nil {
		return nil, err
	}
	p.selections.mu.Lock()
	defer p.selections.mu.Unlock()
	if p.selections.known == nil || len(p.selections.known) >= maxSelections {
		p.selections.known = map[string]*selection{}
	}
	p.selections.known[string(key)] = made
	return made, nil
}

func (p *plan) newSelection(s *session.Session, names []string) (*selection, error) {
	columns, err := p.writable(names)
	if err != nil {
		return nil, err
	}
	made := &selection{columns: slices.Clip(columns), names: slices.Clip(fieldNames(columns)), checked: make([]bool, len(p.fields))}
	if len(columns) == 0 {
		return made, nil
	}
	for _, name := range names {
		f, err := p.model.Field(name)
		if err != nil {
			return nil, err
		}
		for i := range p.fields {
			made.checked[i] = made.checked[i] || p.fields[i].Field == f
		}
	}
	made.statement = p.updateOf(s, columns)
	return made, nil
}

// updateOf returns the UPDATE of some columns of a row.
func (p *plan) updateOf(s *session.Session, columns []*schema.Field) *statement {
	st := p.columnsOf(columns)
	st.sql = rowsql.UpdateRow(s.Dialect(), p.model, st.columns)
	return st
}
