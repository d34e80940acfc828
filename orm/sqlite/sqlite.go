// Package sqlite opens SQLite databases for package orm.
//
// With cgo it uses mattn/go-sqlite3, and modernc.org/sqlite without cgo or with the build tag purego; both behave the
// same. One connection takes every write, in transactions that begin with BEGIN IMMEDIATE, and several others read at the
// same time, on a database in WAL mode: readers do not wait for the writer, and writers queue instead of failing with
// "database is locked".
//
// Only the owner may read the files of a database. Closing the database moves everything into the one file that the URL
// names.
package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	gormsqlite "gorm.io/driver/sqlite"
)

// Driver opens URLs such as sqlite:///db.sqlite3 (relative to the working directory), sqlite:////var/lib/shop.db (an
// absolute path) and sqlite::memory: (a temporary file, which is removed when the database is closed).
var Driver dialect.Driver = opener{} //nolint:gochecknoglobals // a value without state

type opener struct{}

func (opener) Name() string      { return "sqlite" }
func (opener) Schemes() []string { return []string{"sqlite", "sqlite3"} }
func (opener) Example() string   { return "sqlite:///db.sqlite3" }

// Open prepares the pools. The first statement creates the file, which only its owner may read; its folder must exist.
func (opener) Open(databaseURL string) (*dialect.Connection, error) {
	path, cleanup, err := location(databaseURL)
	if err != nil {
		return nil, err
	}
	f := &file{path: path, cleanup: cleanup}
	shared := "_busy_timeout=10000&_foreign_keys=1&_synchronous=NORMAL" + driverOptions
	writer := sql.OpenDB(f.connector("_journal_mode=WAL&_txlock=immediate&" + shared))
	writer.SetMaxOpenConns(1)
	writer.SetMaxIdleConns(1)
	reader := sql.OpenDB(f.connector("_query_only=1&" + shared))
	readers := max(4, runtime.NumCPU())
	reader.SetMaxOpenConns(readers)
	reader.SetMaxIdleConns(readers)
	return &dialect.Connection{
		Writer:    writer,
		Reader:    reader,
		Dialect:   sqliteDialect{},
		Dialector: gormsqlite.New(gormsqlite.Config{Conn: reader}), // GORM asks for the version at once, and the writer may be busy
		Check:     f.check,
		Shell:     []dialect.Program{{Name: "sqlite3", Args: []string{path}}},
		Backup:    f.backup,
		Close:     func() error { return f.close(writer, reader) },
	}, nil
}

// location returns the path of the file that a URL names. For memory databases it creates a temporary folder, which cleanup
// removes; otherwise cleanup is nil.
func location(databaseURL string) (path string, cleanup func() error, err error) {
	_, rest, _ := strings.Cut(databaseURL, ":")
	if rest == ":memory:" || rest == "//:memory:" || rest == "///:memory:" {
		dir, err := os.MkdirTemp("", "quintet-sqlite-")
		if err != nil {
			return "", nil, err
		}
		return filepath.Join(dir, "db.sqlite3"), func() error { return os.RemoveAll(dir) }, nil
	}
	path, ok := strings.CutPrefix(rest, "///")
	switch {
	case !ok && strings.HasPrefix(rest, "//"):
		return "", nil, fmt.Errorf("two slashes are followed by a host, and SQLite has no hosts; write sqlite:///%s",
			strings.TrimPrefix(rest, "//"))
	case !ok:
		return "", nil, errors.New("expected three slashes and a path, such as sqlite:///db.sqlite3 or sqlite:////var/lib/shop.db")
	case strings.Contains(path, "?"):
		return "", nil, errors.New("SQLite URLs take no options after a \"?\"")
	}
	if path, err = url.PathUnescape(path); err != nil {
		return "", nil, err
	}
	if path == "" || strings.HasSuffix(path, "/") {
		return "", nil, errors.New("the path names no file")
	}
	folder := filepath.Dir(filepath.FromSlash(path))
	info, err := os.Stat(folder)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return "", nil, fmt.Errorf("the folder %q does not exist; create it first", folder)
	case err != nil:
		return "", nil, err
	case !info.IsDir():
		return "", nil, fmt.Errorf("%q is not a folder", folder)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return "", nil, fmt.Errorf("%q is a folder", path)
	}
	// An absolute path keeps every connection on the same file if the working directory changes.
	path, err = filepath.Abs(filepath.FromSlash(path))
	return path, nil, err
}

// connector opens connections of one driver to one database.
type connector struct {
	driver driver.Driver
	dsn    string
	before func() error                  // called before a connection is opened; may be nil
	wrap   func(driver.Conn) driver.Conn // of connections that were opened; may be nil
}

func (c connector) Connect(context.Context) (driver.Conn, error) {
	if c.before != nil {
		if err := c.before(); err != nil {
			return nil, err
		}
	}
	conn, err := c.driver.Open(c.dsn)
	if err != nil {
		file, _, _ := strings.Cut(strings.TrimPrefix(c.dsn, "file:"), "?")
		return nil, fmt.Errorf("open %s: %w", file, err)
	}
	if c.wrap != nil {
		conn = c.wrap(conn)
	}
	return conn, nil
}

func (c connector) Driver() driver.Driver { return c.driver }
