package compile

import (
	"fmt"
	"slices"

	"github.com/quintetgo/quintet/orm/dialect"
)

// Lock is how the rows of a query are locked. The rows of its own model always are.
type Lock struct {
	NoWait     bool     // a locked row is an error
	SkipLocked bool     // rows that are locked are left out
	NoKey      bool     // rows that refer to the locked ones can be inserted
	Of         []string // selected relations whose rows are locked too
}

// lock writes the clause that locks the rows of a query, after everything else of it.
func (c *compiler) lock(q *Query, s *scope) error {
	if q.Distinct || q.Groups != nil || q.Source != nil {
		return fmt.Errorf("orm: %s: ForUpdate locks rows of the table, and this query has none: remove Distinct, DistinctOn, GroupBy "+
			"or the combination, or lock a query that filters by the keys", q.Model)
	}
	if q.Lock.NoWait && q.Lock.SkipLocked {
		return fmt.Errorf("orm: %s: ForUpdate takes either NoWait or SkipLocked", q.Model)
	}
	lock := dialect.Lock{NoWait: q.Lock.NoWait, SkipLocked: q.Lock.SkipLocked, NoKey: q.Lock.NoKey}
	if len(s.joins) > 0 { // otherwise the rows of joined tables would be locked as well
		lock.Of = append(lock.Of, s.alias)
	}
	for _, text := range q.Lock.Of {
		path, err := q.Model.ResolveRelation(text)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(s.joins, func(j join) bool { return slices.Equal(j.steps, path.Steps) })
		if at < 0 || !slices.ContainsFunc(q.Related, func(r string) bool { return startsWithPath(r, text) }) {
			return lookupError(q.Model, text, text, "ForUpdate locks rows that the query reads; add SelectRelated for this relation")
		}
		lock.Of = append(lock.Of, s.joins[at].alias)
	}
	return c.Lock(lock)
}

// startsWithPath reports whether a path of relations is another one, or continues it.
func startsWithPath(path, start string) bool {
	return path == start || len(path) > len(start)+2 && path[:len(start)] == start && path[len(start):len(start)+2] == "__"
}
