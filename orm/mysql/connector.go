package mysql

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"time"

	gosql "github.com/go-sql-driver/mysql"

	"github.com/quintetgo/quintet/orm/internal/stmtcache"
)

// connector opens connections with the settings that the dialect relies on.
type connector struct {
	driver           driver.Connector
	address          string // for messages
	statementTimeout time.Duration
	server           *server
	killer           *killer
}

func newConnector(config *gosql.Config, statementTimeout time.Duration) (*connector, error) {
	inner, err := gosql.NewConnector(config)
	if err != nil {
		return nil, err
	}
	c := &connector{driver: inner, address: config.Addr, statementTimeout: statementTimeout, server: &server{}, killer: newKiller(inner)}
	c.server.detect = func(ctx context.Context) error {
		conn, err := c.Connect(ctx)
		if err != nil {
			return err
		}
		return conn.Close()
	}
	return c, nil
}

func (c *connector) Driver() driver.Driver { return c.driver.Driver() }

// Connect opens a connection and prepares its session.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	inner, err := c.driver.Connect(ctx)
	if err != nil {
		return nil, connectError(c.address, err)
	}
	opened := &conn{conn: stmtcache.New(inner.(driverConn), stmtcache.Size), killer: c.killer}
	if err := c.prepare(ctx, opened); err != nil {
		_ = opened.conn.Close()
		return nil, connectError(c.address, err)
	}
	return opened, nil
}

// prepare reads what the server is and sets the session.
func (c *connector) prepare(ctx context.Context, opened *conn) error {
	row, err := opened.row(ctx, "SELECT VERSION(), CONNECTION_ID(), @@auto_increment_increment, @@innodb_rollback_on_timeout")
	if err != nil {
		return err
	}
	v, err := parseVersion(fmt.Sprintf("%s", row[0]))
	if err != nil {
		return err
	}
	opened.id = number(row[1])
	v.keyStep, v.rollbackOnTimeout = number(row[2]), number(row[3]) != 0
	if known := c.server.known.Load(); known == nil || *known != v {
		c.server.known.Store(&v)
	}
	_, err = opened.conn.ExecContext(ctx, sessionSettings(v, c.statementTimeout), nil)
	return err
}

// sqlMode makes values that do not fit an error. A division by zero is NULL, and the difference of unsigned numbers may
// be negative, as on other databases.
const sqlMode = "STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_UNSIGNED_SUBTRACTION"

// sessionSettings returns the statement that sets a new session. At the isolation level a transaction sees what others
// have committed, so that a row that another program created first can be read after the conflict.
func sessionSettings(v version, statementTimeout time.Duration) string {
	isolation := "transaction_isolation"
	if v.mariaDB {
		isolation = "tx_isolation"
	}
	text := "SET NAMES utf8mb4 COLLATE " + v.collation() + ", sql_mode = '" + sqlMode + "', time_zone = '+00:00', " +
		isolation + " = 'READ-COMMITTED', div_precision_increment = 16, group_concat_max_len = 4294967295"
	switch {
	case statementTimeout <= 0:
	case v.mariaDB:
		text += fmt.Sprintf(", max_statement_time = %.3f", statementTimeout.Seconds())
	default:
		text += fmt.Sprintf(", max_execution_time = %d", statementTimeout.Milliseconds())
	}
	return text
}

// row reads the only row of a query without arguments.
func (c *conn) row(ctx context.Context, query string) ([]driver.Value, error) {
	rows, err := c.conn.QueryContext(ctx, query, nil)
	if err != nil {
		return nil, err
	}
	values := make([]driver.Value, len(rows.Columns()))
	err = rows.Next(values)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return values, errors.Join(err, rows.Close())
}

// number returns a whole number that the driver read.
func number(v driver.Value) int64 {
	switch x := v.(type) {
	case int64:
		return x
	case uint64:
		return int64(x)
	}
	return 0
}
