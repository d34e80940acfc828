package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/sqlite"
	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
)

// engine is a kind of database.
type engine struct {
	name      string
	driver    dialect.Driver // of Quintet
	sqlDriver string         // of database/sql
	dialector func(dsn string) gorm.Dialector
	create    func() (location, func() error, error) // makes an empty database
	inProcess bool
	numbered  bool // placeholders are $1, $2 …
}

// location is where a database is.
type location struct {
	url string // for Quintet
	dsn string // for the drivers of database/sql
}

func engineOf(name string) (engine, error) {
	switch name {
	case "sqlite":
		return engine{
			name: "SQLite", driver: sqlite.Driver, sqlDriver: "sqlite3", dialector: gormsqlite.Open, create: createFile, inProcess: true,
		}, nil
	}
	return engine{}, fmt.Errorf("no database %q", name)
}

// createFile returns the location of a file in a temporary folder. All contenders use the settings that Quintet has.
func createFile() (location, func() error, error) {
	dir, err := os.MkdirTemp("", "quintet-benchmark-")
	if err != nil {
		return location{}, nil, err
	}
	path := filepath.Join(dir, "db.sqlite3")
	settings := "?_journal_mode=WAL&_busy_timeout=10000&_foreign_keys=1&_synchronous=NORMAL&_txlock=immediate"
	return location{url: "sqlite:///" + filepath.ToSlash(path), dsn: "file:" + path + settings},
		func() error { return os.RemoveAll(dir) }, nil
}
