package dynamic

import "github.com/quintetgo/quintet/orm/internal/compile"

// Lock is how [Query.ForUpdateWith] locks rows. The zero value waits for rows that other transactions have locked.
type Lock struct {
	NoWait     bool     // fail if a row is locked
	SkipLocked bool     // leave out rows that are locked
	NoKey      bool     // let others insert rows that refer to the locked ones, where the database can
	Of         []string // relations of SelectRelated whose rows are locked too
}

// ForUpdate locks the rows that the query reads until the transaction ends, so that no other transaction changes or locks them.
// Outside of a transaction the query is an error. Counts, and queries inside others, lock nothing. On a database with one
// writer at a time, such as SQLite, the transaction itself keeps all others from writing.
func (q Query) ForUpdate() Query { return q.ForUpdateWith(Lock{}) }

// ForUpdateWith is [Query.ForUpdate] with options. One that the database lacks is an error.
func (q Query) ForUpdateWith(lock Lock) Query {
	compiled := compile.Lock(lock)
	q.query.Lock = &compiled
	return q
}
