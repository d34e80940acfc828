// Package testdb opens empty databases for tests on every database that Quintet supports.
//
// The servers are those of QUINTET_POSTGRES_URL and QUINTET_MARIADB_URL, by default the ones that .ci/databases of
// Quintet's repository sets up on this machine. A test that needs a server which cannot be reached is skipped, and fails
// if CI=true.
package testdb

import (
	"cmp"
	"context"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/mysql"
	"github.com/quintetgo/quintet/orm/ormtest"
	"github.com/quintetgo/quintet/orm/postgres"
)

// server is a database server for tests.
type server struct {
	driver   dialect.Driver
	variable string // of the environment, with the URL of a database on it
	local    string // the URL without that variable
	reached  func() error
}

func newServer(driver dialect.Driver, variable, local string) *server {
	s := &server{driver: driver, variable: variable, local: local}
	s.reached = sync.OnceValue(s.reach)
	return s
}

//nolint:gochecknoglobals // whether a server can be reached is found out once
var (
	postgresServer = newServer(postgres.Driver, "QUINTET_POSTGRES_URL", "postgres://quintet:quintet@127.0.0.1:5432/quintet_test")
	mariaDBServer  = newServer(mysql.Driver, "QUINTET_MARIADB_URL", "mariadb://quintet:quintet@127.0.0.1:3306/quintet_test")
)

// Open returns an empty database with the tables of the models of apps, on the database that QUINTET_TEST_DATABASE names:
// sqlite, the default, postgres or mariadb.
func Open(t testing.TB, apps ...any) *orm.DB {
	t.Helper()
	switch name := os.Getenv("QUINTET_TEST_DATABASE"); name {
	case "", "sqlite":
		return ormtest.Open(t, apps...)
	case "postgres":
		return Postgres(t, apps...)
	case "mariadb":
		return MariaDB(t, apps...)
	default:
		t.Fatalf("testdb: QUINTET_TEST_DATABASE=%s names no database; write sqlite, postgres or mariadb", name)
		return nil
	}
}

// Postgres returns an empty PostgreSQL database with the tables of the models of apps; see [ormtest.OpenOn].
func Postgres(t testing.TB, apps ...any) *orm.DB {
	t.Helper()
	postgresServer.require(t)
	return ormtest.OpenOn(t, postgresServer.driver, postgresServer.url(), apps...)
}

// PostgresURL returns the URL of an empty PostgreSQL database that is dropped when the test ends.
func PostgresURL(t testing.TB) string {
	t.Helper()
	postgresServer.require(t)
	return ormtest.TemporaryURL(t, postgresServer.driver, postgresServer.url())
}

// MariaDB returns an empty MariaDB database with the tables of the models of apps; see [ormtest.OpenOn].
func MariaDB(t testing.TB, apps ...any) *orm.DB {
	t.Helper()
	mariaDBServer.require(t)
	return ormtest.OpenOn(t, mariaDBServer.driver, mariaDBServer.url(), apps...)
}

// MariaDBURL returns the URL of an empty MariaDB database that is dropped when the test ends.
func MariaDBURL(t testing.TB) string {
	t.Helper()
	mariaDBServer.require(t)
	return ormtest.TemporaryURL(t, mariaDBServer.driver, mariaDBServer.url())
}

func (s *server) url() string { return cmp.Or(os.Getenv(s.variable), s.local) }

// reachTime limits how long a test waits to find out that there is no server.
const reachTime = 5 * time.Second

// reach returns an error if the server cannot be reached.
func (s *server) reach() error {
	conn, err := s.driver.Open(s.url())
	if err != nil {
		return err
	}
	defer conn.Writer.Close()
	ctx, cancel := context.WithTimeout(context.Background(), reachTime)
	defer cancel()
	return conn.Writer.PingContext(ctx)
}

// require skips the test, or fails it in CI, unless the server can be reached.
func (s *server) require(t testing.TB) {
	t.Helper()
	err := s.reached()
	if err == nil {
		return
	}
	report := t.Skipf
	if os.Getenv("CI") == "true" {
		report = t.Fatalf
	}
	report("testdb: no %s server for this test: %v; set %s or run .ci/databases", s.driver.Name(), err, s.variable)
}
