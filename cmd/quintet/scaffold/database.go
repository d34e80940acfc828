package scaffold

import (
	"fmt"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
)

// database is a kind of database that a project can be started with.
type database struct {
	driver string // the package of its driver in orm
	title  string
	url    string // for development, with NAME for the name of the user and the database
	setup  string // the commands that create both
}

var databases = map[string]database{
	"sqlite": {driver: "sqlite", title: "SQLite", url: "sqlite:///db.sqlite3"},
	"postgres": {
		driver: "postgres", title: "PostgreSQL", url: "postgres://NAME:NAME@localhost:5432/NAME",
		setup: "sudo -u postgres psql -c \"CREATE ROLE NAME LOGIN PASSWORD 'NAME'\"\n" +
			"sudo -u postgres createdb --owner NAME --encoding UTF8 --template template0 NAME",
	},
	"mysql": {
		driver: "mysql", title: "MariaDB or MySQL", url: "mysql://NAME:NAME@localhost:3306/NAME",
		setup: "sudo mariadb -e \"CREATE DATABASE NAME CHARACTER SET utf8mb4\"\n" +
			"sudo mariadb -e \"CREATE USER NAME IDENTIFIED BY 'NAME'; " +
			"GRANT ALL ON NAME.* TO NAME; GRANT ALL ON \\`quintet\\_tmp\\_%\\`.* TO NAME\"",
	},
}

// otherDatabases are names of databases by which users look for one of [Databases].
var otherDatabases = map[string]string{"mariadb": "mysql", "postgresql": "postgres", "pg": "postgres", "sqlite3": "sqlite"}

// Databases returns the kinds of databases that a project can be started with.
func Databases() []string { return []string{"sqlite", "postgres", "mysql"} }

// CheckDatabase returns an error unless a project can be started with that kind of database.
func CheckDatabase(name string) error {
	if _, ok := databases[name]; ok {
		return nil
	}
	hint := check.DidYouMean(name, Databases())
	if other, ok := otherDatabases[strings.ToLower(name)]; ok {
		hint = fmt.Sprintf("; write %q", other)
	}
	return fmt.Errorf("a project cannot be started with %q%s; the databases are %s", name, hint, strings.Join(Databases(), ", "))
}

// named returns the database with the user and the database of a project in its URL and its commands.
func (d database) named(project string) database {
	name := strings.ReplaceAll(project, "-", "_")
	d.url, d.setup = strings.ReplaceAll(d.url, "NAME", name), strings.ReplaceAll(d.setup, "NAME", name)
	return d
}
