package dburl

import (
	"database/sql"
	"time"
)

// Pool is how many connections a program keeps.
type Pool struct {
	// Max is the largest number of connections at a time, 20 by default. Further statements wait for one.
	Max int
	// Idle is the largest number of connections kept while nothing uses them; by default as many as Max, for IdleTime.
	Idle int
	// Lifetime is how long a connection is used before it is replaced, an hour by default. 0 is no limit.
	Lifetime time.Duration
	// IdleTime is how long a connection is kept while nothing uses it, 5 minutes by default. 0 is no limit.
	IdleTime time.Duration
}

// maxConnections is more than any server allows.
const maxConnections = 10000

// notGiven is a pool_idle that follows pool_max.
const notGiven = -1

var defaultPool = Pool{Max: 20, Idle: notGiven, Lifetime: time.Hour, IdleTime: 5 * time.Minute}

// Limit sets the limits of a pool.
func (p Pool) Limit(db *sql.DB) {
	db.SetMaxOpenConns(p.Max)
	db.SetMaxIdleConns(p.Idle)
	db.SetConnMaxLifetime(p.Lifetime)
	db.SetConnMaxIdleTime(p.IdleTime)
}
