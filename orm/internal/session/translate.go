package session

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/fault"
)

// Translate returns a constraint violation as [*fault.IntegrityError], with the model and fields it is about, and a row that
// is locked as [*fault.LockedError], and adds advice to other errors that the driver explains. Errors that it does not know
// are returned as they are.
func (s *Session) Translate(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sql.ErrTxDone) {
		return fmt.Errorf("orm: the transaction of this context has ended: %w", err)
	}
	if _, translated := errors.AsType[*fault.IntegrityError](err); translated {
		return err
	}
	if _, translated := errors.AsType[*fault.LockedError](err); translated {
		return err
	}
	if c, ok := s.Dialect().(dialect.ConflictChecker); ok {
		if locked, _ := c.RowLocked(err); locked {
			return &fault.LockedError{Err: err}
		}
	}
	if t, ok := s.Dialect().(dialect.Translator); ok {
		if v := t.Violation(err); v != nil {
			e := &fault.IntegrityError{Kind: v.Kind, Table: v.Table, Constraint: v.Constraint, Columns: v.Columns, Err: err}
			if len(e.Columns) == 0 {
				e.Columns = s.constraintColumns(v)
			}
			s.describe(e)
			return e
		}
	}
	if e, ok := s.Dialect().(dialect.Explainer); ok {
		if explained := e.Explain(err); explained != nil {
			return explained
		}
	}
	return err
}

// describe adds the model, columns and fields that an integrity error is about.
func (s *Session) describe(e *fault.IntegrityError) {
	for _, m := range s.Models() {
		if e.Table != "" && m.Table != e.Table {
			continue
		}
		if e.Constraint != "" && len(e.Columns) == 0 {
			for _, u := range m.Unique {
				if u.Name == e.Constraint {
					e.Table = m.Table
					e.Fields = slices.Clone(u.Fields)
				}
			}
		}
		if e.Table == m.Table {
			e.Model = m
		}
	}
	if e.Model == nil || len(e.Fields) > 0 {
		return
	}
	for _, column := range e.Columns {
		if f := e.Model.ByColumn(column); f != nil {
			e.Fields = append(e.Fields, f.Name)
		}
	}
}
