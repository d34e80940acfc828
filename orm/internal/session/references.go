package session

import (
	"context"
	"errors"
	"slices"

	"github.com/quintetgo/quintet/orm/fault"
	"github.com/quintetgo/quintet/orm/internal/rowsql"
	"github.com/quintetgo/quintet/orm/schema"
)

// Reference is a foreign key with the key that it holds, or a primary key with its value.
type Reference struct {
	Field *schema.Field
	Key   any // as stored; comparable
}

// references records which keys the writes of a transaction refer to. Databases that check foreign keys at the commit
// do not report which one failed; the recorded keys without a row show it.
type references struct {
	used    referenceSet
	created referenceSet // primary keys of rows that the transaction created
}

// maxReferences limits what one transaction records. Beyond it, a failed commit names no field.
const maxReferences = 1000

// full reports whether the record is incomplete, so that it cannot show which key is missing.
func (r *references) full() bool { return r.used.len()+r.created.len() > maxReferences }

func (r *references) add(set *referenceSet, ref Reference) {
	if !r.full() {
		set.add(ref, set == &r.used)
	}
}

// referenceSet is a set of references. A small one, the usual case, is a list; a larger one has a map.
type referenceSet struct {
	list  []Reference // in order; of a larger set only if the order is needed
	index map[Reference]bool
}

func (s *referenceSet) len() int { return max(len(s.list), len(s.index)) }

func (s *referenceSet) has(ref Reference) bool {
	if s.index != nil {
		return s.index[ref]
	}
	return slices.Contains(s.list, ref)
}

// add adds a reference. ordered keeps the list of a larger set.
func (s *referenceSet) add(ref Reference, ordered bool) {
	switch {
	case s.has(ref):
		return
	case s.index == nil && len(s.list) == 16:
		s.index = make(map[Reference]bool, 64)
		for _, ref := range s.list {
			s.index[ref] = true
		}
		if !ordered {
			s.list = nil
		}
	}
	if s.index != nil {
		s.index[ref] = true
	}
	if s.index == nil || ordered {
		s.list = append(s.list, ref)
	}
}

// RecordReferences records the foreign keys among the columns of a row that was written. It does nothing outside a
// transaction.
func (s *Session) RecordReferences(ctx context.Context, columns []*schema.Field, values []any) {
	if !slices.ContainsFunc(columns, IsReference) {
		return
	}
	t := s.transaction(ctx)
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, f := range columns {
		if IsReference(f) && isComparable(values[i]) {
			t.references.add(&t.references.used, Reference{f, values[i]})
		}
	}
}

// RecordCreated records the primary key of a row that was inserted, as stored in obj. It does nothing outside a
// transaction.
func (s *Session) RecordCreated(ctx context.Context, m *schema.Model, obj any) {
	if len(m.Reverse) == 0 { // nothing refers to the row
		return
	}
	t := s.transaction(ctx)
	if t == nil || m.PK == nil {
		return
	}
	key, err := m.PK.DBValue(ctx, obj)
	if err != nil || !isComparable(key) {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.references.add(&t.references.created, Reference{m.PK, key})
}

// isComparable reports whether a stored key can be recorded: it is not NULL, and not binary.
func isComparable(key any) bool {
	_, binary := key.([]byte)
	return key != nil && !binary
}

// IsReference reports whether the database checks that the field's value exists in another table.
func IsReference(f *schema.Field) bool {
	return f.Relation != nil && f.Relation.To != nil && f.Relation.ToField != nil && f.Relation.Constraint && f.Column != ""
}

// ExplainReference adds the foreign key whose target does not exist to the error of a failed write, where the database
// does not name it.
func (s *Session) ExplainReference(ctx context.Context, err error, columns []*schema.Field, values []any) error {
	e, ok := unnamedReference(err)
	if !ok {
		return err
	}
	for i, f := range columns {
		if IsReference(f) && values[i] != nil && s.IsMissing(ctx, Reference{f, values[i]}) {
			e.SetReference(f, values[i])
			return err
		}
	}
	return err
}

// explainCommit is ExplainReference for a commit that failed.
func (s *Session) explainCommit(ctx context.Context, err error, r *references) error {
	e, ok := unnamedReference(err)
	if !ok || r.full() {
		return err
	}
	for _, ref := range r.used.list {
		if !r.created.has(Reference{ref.Field.Relation.ToField, ref.Key}) && s.IsMissing(ctx, ref) {
			e.SetReference(ref.Field, ref.Key)
			return err
		}
	}
	return err
}

// unnamedReference returns the error of a foreign key that names no field.
func unnamedReference(err error) (*fault.IntegrityError, bool) {
	e, ok := errors.AsType[*fault.IntegrityError](err)
	return e, ok && e.Kind == fault.IntegrityForeignKey && len(e.Fields) == 0 && len(e.Columns) == 0
}

// IsMissing reports whether the key of a foreign key certainly has no row.
func (s *Session) IsMissing(ctx context.Context, ref Reference) bool {
	query := rowsql.HasValue(s.Dialect(), ref.Field.Relation.ToField)
	rows, err := s.Reader(ctx).QueryContext(ctx, query, ref.Key)
	if err != nil {
		return false
	}
	defer rows.Close()
	found := rows.Next()
	return !found && rows.Err() == nil
}
