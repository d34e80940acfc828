package dynamic

import (
	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/internal/partial"
)

// Only reads only the named fields of objects, so that a list does not read long texts: "title", or "author__name" for an object of
// SelectRelated, whose other fields are then left out too. Primary keys, foreign keys, and fields that foreign keys refer to
// are read in any case. A later Only replaces an earlier one; without names it reads everything.
//
// The other fields of the objects have their zero values. [DeferredFields] returns their names; Save leaves them as they are in the
// database, unless they have been assigned another value since, and Create of such an object is an error. Refresh reads
// them. This applies to the object that was read and not to copies of its struct.
func (q Query) Only(names ...string) Query {
	q.query.Columns = compile.Columns{Only: extend[string](nil, names...)}
	return q
}

// Defer reads all fields of objects but the named ones; see [Query.Only].
func (q Query) Defer(names ...string) Query {
	q.query.Columns.Defer = extend(q.query.Columns.Defer, names...)
	return q
}

// DeferredFields returns the names of the fields that an object, a pointer to a model's struct, was read without by Only, Defer or Raw,
// and that have not been assigned a value since. It is empty for other objects.
func DeferredFields(object any) []string {
	var names []string
	for _, f := range partial.Unread(object) {
		names = append(names, f.Name)
	}
	return names
}

// Lock is how [Query.ForUpdateWith] locks rows. The zero value waits for rows that other transactions have locked.
type Lock struct {
	NoWait     bool     // fail with a fault.LockedError if a row is locked
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
