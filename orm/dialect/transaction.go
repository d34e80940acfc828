package dialect

import "database/sql"

// TxOptioner is implemented by dialects of databases that begin transactions in a way of their own.
type TxOptioner interface {
	// TxOptions returns what BeginTx takes for a transaction that is isolated at least as strictly as level, and that
	// changes nothing if readOnly is set. Nil is the database's default. It returns an [UnsupportedError] for a level
	// that the database does not have.
	TxOptions(level sql.IsolationLevel, readOnly bool) (*sql.TxOptions, error)
}

// TxOptions returns what BeginTx takes for a transaction with an isolation level, sql.LevelDefault for the database's
// own.
func TxOptions(d Dialect, level sql.IsolationLevel, readOnly bool) (*sql.TxOptions, error) {
	if o, ok := d.(TxOptioner); ok {
		return o.TxOptions(level, readOnly)
	}
	if level == sql.LevelDefault && !readOnly {
		return nil, nil
	}
	return &sql.TxOptions{Isolation: level, ReadOnly: readOnly}, nil
}

// ConflictChecker is implemented by dialects that recognize the errors by which a database ends one of several
// transactions that cannot all succeed, such as deadlocks and serialization failures.
type ConflictChecker interface {
	// TransactionConflict reports whether err is such an error, so that the same transaction may succeed if it runs
	// again from its beginning.
	TransactionConflict(err error) bool
	// RowLocked reports whether err is the error of a statement that needs a row which another transaction has locked,
	// either at once because of [Lock].NoWait or after the database's time limit for locks, and whether the database has
	// rolled back the whole transaction for it.
	RowLocked(err error) (locked, rolledBack bool)
}

// TransactionConflict reports whether a transaction that failed with err may succeed if it runs again.
func TransactionConflict(d Dialect, err error) bool {
	c, ok := d.(ConflictChecker)
	return ok && c.TransactionConflict(err)
}

// TransactionAborter is implemented by dialects of databases that refuse every statement of a transaction after one
// has failed, until the transaction is rolled back to a savepoint.
type TransactionAborter interface{ ErrorsAbortTransaction() bool }

// ErrorsAbortTransaction reports whether the database refuses every statement of a transaction after one has failed.
func ErrorsAbortTransaction(d Dialect) bool {
	a, ok := d.(TransactionAborter)
	return ok && a.ErrorsAbortTransaction()
}
