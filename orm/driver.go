package orm

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/internal/session"
	"gorm.io/gorm"
)

// Driver opens one kind of database.
type Driver interface {
	// Name is the database's name, "sqlite".
	Name() string
	// Schemes are the beginnings of database URLs that the driver opens.
	Schemes() []string
	// Open connects to the database that the URL names. The URL's scheme is one of Schemes.
	Open(databaseURL string) (*Connection, error)
	// Example is a URL of the expected form, for messages.
	Example() string
}

// Connection is an open database: pools, and what is special about it.
type Connection struct {
	Writer    *sql.DB // takes every transaction and every write
	Reader    *sql.DB // takes reads outside transactions; may be the same as Writer
	Dialect   Dialect
	Dialector gorm.Dialector // for DB.Gorm; its pool is replaced

	// Translate tells broken constraints from other errors; it returns nil for the others.
	Translate func(error) *IntegrityError
	// Explain adds what to do about an error of the database to its text; nil, and a nil result, leave the error as it is.
	Explain func(error) error
	// Check reports what the driver or the files of the database lack; nil reports nothing. It must not wait for the database.
	Check func() []check.Problem
	// Backup writes a complete copy of the database, as of one point in time, to a file that does not exist yet; nil means
	// that the driver cannot.
	Backup func(ctx context.Context, path string) error
	// Close is called after both pools are closed; nil does nothing.
	Close func() error
}

// Dialect is how a database writes SQL.
type Dialect = session.Dialect

// Open opens the database that a URL such as "sqlite:///db.sqlite3" names with the driver that knows its scheme. Nothing
// is created or read before the first statement, apart from what the driver checks.
func Open(databaseURL string, drivers ...Driver) (*DB, error) {
	if len(drivers) == 0 {
		return nil, errors.New("orm: no database driver given; pass one, as in orm.Open(url, sqlite.Driver)")
	}
	scheme, _, found := strings.Cut(databaseURL, ":")
	var known, examples []string
	for _, driver := range drivers {
		examples = append(examples, driver.Example())
		for _, s := range driver.Schemes() {
			known = append(known, s)
			if !found || !strings.EqualFold(s, scheme) {
				continue
			}
			conn, err := driver.Open(databaseURL)
			if err != nil {
				return nil, fmt.Errorf("orm: open %s: %w", hidePassword(databaseURL), err)
			}
			return &DB{session.New(session.Config(*conn))}, nil
		}
	}
	problem := "has no scheme"
	if databaseURL == "" {
		problem = "is empty"
	} else if found {
		problem = fmt.Sprintf("has the unknown scheme %q%s", scheme, check.DidYouMean(scheme, known))
	}
	return nil, fmt.Errorf("orm: the database URL %q %s; expected something like %s", hidePassword(databaseURL), problem, strings.Join(examples, " or "))
}

// MustOpen is Open for programs that cannot go on without a database: it panics on an error.
func MustOpen(databaseURL string, drivers ...Driver) *DB {
	db, err := Open(databaseURL, drivers...)
	if err != nil {
		panic(err)
	}
	return db
}

// hidePassword makes a URL fit for messages.
func hidePassword(databaseURL string) string {
	if u, err := url.Parse(databaseURL); err == nil {
		return u.Redacted()
	}
	scheme, rest, ok := strings.Cut(databaseURL, "://")
	if !ok {
		return databaseURL
	}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		return scheme + "://xxxxx" + rest[i:]
	}
	return databaseURL
}
