// Package postgres opens PostgreSQL databases for package orm, with pgx.
//
// One pool takes reads and writes. Statements are prepared once for each connection. Times are in UTC, whatever the
// server's time zone is. A connection that the server has closed is replaced, so that a program recovers by itself
// when its server comes back.
//
// Text is compared in the same way as on the other databases: lookups such as contains are case-sensitive, icontains
// and its relatives follow Unicode's case folding with ICU, which PostgreSQL's packages include, and regular
// expressions have Go's syntax and meaning. The encoding of the database must be UTF8, PostgreSQL's default.
package postgres

import (
	"cmp"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	gormpostgres "gorm.io/driver/postgres"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/dburl"
)

// Driver opens URLs such as postgres://ada:secret@localhost:5432/shop. They take these options after a "?":
//
//   - pool_max, pool_idle, pool_lifetime, pool_idle_time: the limits of the pool; by default 20 connections at a time,
//     each for at most an hour, and at most 5 minutes without use
//   - connect_timeout (5s) and statement_timeout (none)
//   - sslmode (disable, prefer, require, verify-ca, verify-full; prefer by default), sslrootcert, sslcert, sslkey
//   - host: the folder of the server's Unix socket, instead of a host in the URL
//   - application_name, search_path, channel_binding: as in PostgreSQL's own URLs
//   - statement_cache (on, off; on by default): off prepares no statements, for poolers such as PgBouncer that run
//     each transaction on another connection
//
// A user or a password that the URL lacks is taken from the environment (PGUSER, PGPASSWORD) or from ~/.pgpass.
var Driver dialect.Driver = opener{} //nolint:gochecknoglobals // a value without state

type opener struct{}

func (opener) Name() string      { return "postgres" }
func (opener) Schemes() []string { return []string{"postgres", "postgresql"} }
func (opener) Example() string   { return "postgres://user:password@localhost:5432/name" }

// Open prepares the pool. The first statement connects.
func (opener) Open(databaseURL string) (*dialect.Connection, error) {
	u, err := dburl.Parse(databaseURL, 5432, "host", "application_name", "search_path", "channel_binding", statementCache)
	if err != nil {
		return nil, err
	}
	config, err := configOf(u)
	if err != nil {
		return nil, err
	}
	pool := sql.OpenDB(connector{stdlib.GetConnector(*config)})
	u.Pool.Limit(pool)
	return &dialect.Connection{
		Writer:    pool,
		Reader:    pool,
		Dialect:   postgresDialect{},
		Dialector: gormpostgres.New(gormpostgres.Config{Conn: pool}),
		Shell:     []dialect.Program{shell(u)},
	}, nil
}

// statementCache is the option that decides whether statements are prepared once for each connection.
const statementCache = "statement_cache"

// shell returns the program for typing SQL, which takes everything from its environment.
func shell(u *dburl.URL) dialect.Program {
	p := dialect.Program{Name: "psql"}
	set := func(name, value string) {
		if value != "" {
			p.Env = append(p.Env, name+"="+value)
		}
	}
	set("PGHOST", cmp.Or(u.Extra["host"], u.Host))
	set("PGPORT", strconv.Itoa(u.Port))
	set("PGDATABASE", u.Database)
	set("PGUSER", u.User)
	set("PGPASSWORD", u.Password)
	set("PGSSLMODE", string(u.TLS.Mode))
	set("PGSSLROOTCERT", u.TLS.RootFile)
	set("PGSSLCERT", u.TLS.CertFile)
	set("PGSSLKEY", u.TLS.KeyFile)
	if path := u.Extra["search_path"]; path != "" {
		set("PGOPTIONS", "-c search_path="+strings.ReplaceAll(path, " ", `\ `))
	}
	return p
}

// configOf returns pgx's configuration for a URL.
func configOf(u *dburl.URL) (*pgx.ConnConfig, error) {
	host := u.Host
	if folder, ok := u.Extra["host"]; ok {
		if !strings.HasPrefix(folder, "/") {
			return nil, fmt.Errorf("the option host=%s: expected the folder of a socket, such as /run/postgresql; write a host before the "+
				"name of the database", folder)
		}
		host = folder
	}
	settings := []string{
		"host", host, "port", strconv.Itoa(u.Port), "dbname", u.Database, "sslmode", "disable",
		"channel_binding", cmp.Or(u.Extra["channel_binding"], "prefer"),
	}
	if u.User != "" {
		settings = append(settings, "user", u.User)
	}
	if u.Password != "" {
		settings = append(settings, "password", u.Password)
	}
	config, err := pgx.ParseConfig(keywords(settings))
	if err != nil {
		return nil, err
	}
	switch cache := cmp.Or(u.Extra[statementCache], "on"); cache {
	case "on":
	case "off":
		config.DefaultQueryExecMode = pgx.QueryExecModeExec
		config.StatementCacheCapacity, config.DescriptionCacheCapacity = 0, 0
	default:
		return nil, fmt.Errorf("the option %s=%s: expected on or off", statementCache, cache)
	}
	config.ConnectTimeout = u.Timeouts.Connect
	config.RuntimeParams["timezone"] = "UTC"
	for _, name := range []string{"application_name", "search_path"} {
		if value, ok := u.Extra[name]; ok {
			config.RuntimeParams[name] = value
		}
	}
	if limit := u.Timeouts.Statement; limit > 0 {
		config.RuntimeParams["statement_timeout"] = strconv.FormatInt(limit.Milliseconds(), 10)
	}
	if strings.HasPrefix(host, "/") {
		return config, nil
	}
	if config.TLSConfig, err = u.TLS.Config(host); err != nil {
		return nil, err
	}
	if u.TLS.Mode == dburl.Prefer {
		config.Fallbacks = []*pgconn.FallbackConfig{{Host: config.Host, Port: config.Port}}
	}
	return config, nil
}

// keywords writes settings in the form of PostgreSQL's connection strings.
func keywords(settings []string) string {
	var b strings.Builder
	for i := 0; i < len(settings); i += 2 {
		value := strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(settings[i+1])
		fmt.Fprintf(&b, "%s='%s' ", settings[i], value)
	}
	return b.String()
}
