package sqlite

import (
	"database/sql"
	"fmt"

	"github.com/quintetgo/quintet/orm/dialect"
)

var (
	_ dialect.TxOptioner      = sqliteDialect{}
	_ dialect.ConflictChecker = sqliteDialect{}
)

// TxOptions implements [dialect.TxOptioner]. Every transaction of SQLite is serializable, which includes what the
// weaker levels promise. Those that only read run on connections that cannot write.
func (sqliteDialect) TxOptions(level sql.IsolationLevel, _ bool) (*sql.TxOptions, error) {
	if level > sql.LevelSerializable {
		return nil, dialect.Unsupported(sqliteDialect{}, fmt.Sprintf("the isolation level %s", level))
	}
	return nil, nil
}

// Primary result codes of a database that another connection uses.
const (
	resultBusy   = 5
	resultLocked = 6
)

// TransactionConflict implements [dialect.ConflictChecker]: a connection outside of this program held the lock for
// longer than the driver waits, or has written since the transaction began to read.
func (sqliteDialect) TransactionConflict(err error) bool {
	code, ok := errorCode(err)
	return ok && (code&0xff == resultBusy || code&0xff == resultLocked)
}

// RowLocked implements [dialect.ConflictChecker]. SQLite has no locks of rows.
func (sqliteDialect) RowLocked(error) (locked, rolledBack bool) { return false, false }
