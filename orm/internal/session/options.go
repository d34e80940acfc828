package session

import (
	"database/sql"
	"errors"
	"fmt"
)

// Options are how a transaction runs. The zero value is the database's default.
type Options struct {
	Durable   bool
	ReadOnly  bool
	Isolation sql.IsolationLevel
	Lazy      bool // the database's transaction begins with the first statement
	Retries   int  // how often the function runs again after a conflict with another transaction
}

// readOptions returns the options that settings make, or an error for contradictory ones.
func readOptions(settings []func(*Options)) (o Options, err error) {
	for _, set := range settings {
		if set == nil {
			return o, errors.New("orm: Atomic received a nil option")
		}
		before := o.Isolation
		set(&o)
		if before != sql.LevelDefault && o.Isolation != before {
			return o, fmt.Errorf("orm: Atomic received two isolation levels, %s and %s", before, o.Isolation)
		}
	}
	if o.Retries < 0 {
		return o, fmt.Errorf("orm: Retry(%d): the number of retries cannot be negative", o.Retries)
	}
	return o, nil
}

// allows returns an error if a transaction with options o cannot contain one with other options. Inside another
// transaction, Retry has no effect: only the outermost function can run again.
func (o Options) allows(inner Options) error {
	switch {
	case inner.Durable:
		return errors.New("orm: Atomic with Durable inside another transaction, which could roll back what is meant to be permanent; " +
			"call it outside of Atomic")
	case inner.Isolation > o.Isolation:
		return fmt.Errorf("orm: Atomic with the isolation level %s inside a transaction of the level %s; pass it to the outermost Atomic",
			inner.Isolation, o.Isolation)
	case inner.ReadOnly && !o.ReadOnly:
		return errors.New("orm: Atomic with ReadOnly inside a transaction that may write; pass it to the outermost Atomic")
	}
	return nil
}
