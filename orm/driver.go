package orm

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/session"
)

// Open opens the database that a URL such as "sqlite:///db.sqlite3" names, with the driver that has its scheme. The error
// of an unschemes scheme lists example URLs. It does not connect: the first statement does, apart from what the driver checks at
// once. The caller closes the DB.
func Open(databaseURL string, drivers ...dialect.Driver) (*DB, error) {
	if len(drivers) == 0 {
		return nil, errors.New("orm: no database driver given; pass one, as in orm.Open(url, sqlite.Driver)")
	}
	scheme, _, found := strings.Cut(databaseURL, ":")
	var schemes, examples []string
	for _, driver := range drivers {
		examples = append(examples, driver.Example())
		for _, s := range driver.Schemes() {
			schemes = append(schemes, s)
			if !found || !strings.EqualFold(s, scheme) {
				continue
			}
			conn, err := driver.Open(databaseURL)
			if err != nil {
				return nil, fmt.Errorf("orm: open %s: %w", hidePassword(databaseURL), err)
			}
			return &DB{session.New(conn)}, nil
		}
	}
	problem := "has no scheme"
	if databaseURL == "" {
		problem = "is empty"
	} else if found {
		problem = fmt.Sprintf("has the unschemes scheme %q%s", scheme, check.DidYouMean(scheme, schemes))
	}
	return nil, fmt.Errorf("orm: the database URL %q %s; expected something like %s", hidePassword(databaseURL), problem, strings.Join(examples, " or "))
}

// MustOpen is Open for programs that cannot run without a database: it panics if Open returns an error.
func MustOpen(databaseURL string, drivers ...dialect.Driver) *DB {
	db, err := Open(databaseURL, drivers...)
	if err != nil {
		panic(err)
	}
	return db
}

// hidePassword returns a URL without its password, for messages.
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
