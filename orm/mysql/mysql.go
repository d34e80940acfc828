// Package mysql opens MariaDB and MySQL databases for package orm: MariaDB 10.6 and later, MySQL 8.0.17 and later.
//
// Text is stored and compared by code point: "a", "A", "ä" and "a " are four different texts, as on every other database
// of package orm. Times are stored in UTC with microseconds. A value that a column cannot hold is an error and is never
// shortened. When the context of a statement ends, the statement is ended at the server too.
//
// Where the two databases differ, the SQL depends on the version that the server reports. The scheme of the URL counts only while
// no server can be reached.
package mysql

import (
	"database/sql"
	"net"
	"strconv"
	"strings"

	gosql "github.com/go-sql-driver/mysql"
	gormmysql "gorm.io/driver/mysql"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/dburl"
)

// Driver opens URLs such as mysql://user:password@localhost/shop and mariadb://user:password@db.example:3306/shop?pool_max=10.
// While no server can be reached, sqlmigrate writes the SQL of MariaDB for the scheme mariadb, and SQL for both for mysql. The
// options are those of all database servers: pool_max, pool_idle, pool_lifetime, pool_idle_time, connect_timeout,
// statement_timeout (on MySQL it limits SELECT only), sslmode, sslrootcert, sslcert and sslkey; and socket, the path of a
// Unix socket that is used instead of host and port.
var Driver dialect.Driver = opener{} //nolint:gochecknoglobals // a value without state

type opener struct{}

func (opener) Name() string      { return "mysql" }
func (opener) Schemes() []string { return []string{"mysql", "mariadb"} }
func (opener) Example() string   { return "mysql://user:password@localhost/shop" }

const defaultPort = 3306

// Open prepares the pool. The first statement connects.
func (opener) Open(databaseURL string) (*dialect.Connection, error) {
	u, err := dburl.Parse(databaseURL, defaultPort, "socket")
	if err != nil {
		return nil, err
	}
	config, err := driverConfig(u)
	if err != nil {
		return nil, err
	}
	c, err := newConnector(config, u.Timeouts.Statement)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(databaseURL, "mariadb:") {
		c.server.likely = oldestMariaDB
	}
	pool := sql.OpenDB(c)
	u.Pool.Limit(pool)
	return &dialect.Connection{
		Writer:  pool,
		Reader:  pool,
		Dialect: mysqlDialect{server: c.server},
		// GORM would ask for the version at once; what it derives from it concerns old versions and its own migrations.
		Dialector: gormmysql.New(gormmysql.Config{Conn: pool, SkipInitializeWithVersion: true}),
		Close:     c.killer.close,
		Shell:     []dialect.Program{shell("mariadb", u), shell("mysql", u)},
	}, nil
}

// shell returns a program for typing SQL. Both read the password from the same variable; their options for TLS differ.
func shell(name string, u *dburl.URL) dialect.Program {
	p := dialect.Program{Name: name}
	set := func(option, value string) {
		if value != "" {
			p.Args = append(p.Args, "--"+option+"="+value)
		}
	}
	if socket := u.Extra["socket"]; socket != "" {
		set("socket", socket)
	} else {
		set("host", u.Host)
		set("port", strconv.Itoa(u.Port))
		set("protocol", "tcp")
	}
	set("user", u.User)
	set("ssl-ca", u.TLS.RootFile)
	set("ssl-cert", u.TLS.CertFile)
	set("ssl-key", u.TLS.KeyFile)
	modes := map[dburl.Mode][2]string{ // of mariadb and mysql
		dburl.Disable: {"--skip-ssl", "--ssl-mode=DISABLED"}, dburl.Require: {"--ssl", "--ssl-mode=REQUIRED"},
		dburl.VerifyCA:   {"--ssl-verify-server-cert", "--ssl-mode=VERIFY_CA"},
		dburl.VerifyFull: {"--ssl-verify-server-cert", "--ssl-mode=VERIFY_IDENTITY"},
	}
	if mode, ok := modes[u.TLS.Mode]; ok {
		p.Args = append(p.Args, mode[map[string]int{"mariadb": 0, "mysql": 1}[name]])
	}
	if u.Password != "" {
		p.Env = []string{"MYSQL_PWD=" + u.Password}
	}
	p.Args = append(p.Args, "--", u.Database)
	return p
}

// driverConfig returns the configuration of the driver. RowsAffected counts matched rows, and times are read as such.
func driverConfig(u *dburl.URL) (*gosql.Config, error) {
	config := gosql.NewConfig()
	config.User, config.Passwd, config.DBName = u.User, u.Password, u.Database
	config.Net, config.Addr = "tcp", net.JoinHostPort(u.Host, strconv.Itoa(u.Port))
	if socket := u.Extra["socket"]; socket != "" {
		config.Net, config.Addr = "unix", socket
	}
	config.Timeout = u.Timeouts.Connect
	config.ClientFoundRows, config.ParseTime = true, true
	config.MaxAllowedPacket = 0 // asks the server for its limit
	config.Logger = &gosql.NopLogger{}
	if config.Net == "tcp" {
		var err error
		if config.TLS, err = u.TLS.Config(u.Host); err != nil {
			return nil, err
		}
		config.AllowFallbackToPlaintext = u.TLS.Mode == dburl.Prefer
	}
	return config, nil
}
