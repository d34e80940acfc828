package postgres

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// connector opens connections, and explains why it cannot.
type connector struct{ driver.Connector }

func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := c.Connector.Connect(ctx)
	if err != nil {
		if explained := (postgresDialect{}).Explain(err); explained != nil {
			return nil, explained
		}
		return nil, err
	}
	pgxConn, ok := opened.(*stdlib.Conn)
	if !ok {
		return opened, nil
	}
	if err := checkEncoding(pgxConn.Conn().PgConn().ParameterStatus("server_encoding")); err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	return conn{pgxConn}, nil
}

// checkEncoding returns an error for a database whose encoding lacks characters, so that some texts could not be stored. A
// pooler may not report the encoding.
func checkEncoding(encoding string) error {
	if encoding == "" || encoding == "UTF8" {
		return nil
	}
	return fmt.Errorf("the encoding of the database is %s, which cannot store every text; create one with UTF8 and copy the data into it: "+
		"createdb --encoding UTF8 --template template0 name", encoding)
}

// conn is a connection whose statements end at the server when their context ends. The driver closes such a connection
// and sends one request to cancel the statement, which the server ignores if it has not begun the statement yet.
type conn struct{ *stdlib.Conn }

// Close implements [driver.Conn].
func (c conn) Close() error {
	if lost := c.Conn.Conn().PgConn(); lost.IsClosed() {
		go cancelAgain(lost)
	}
	return c.Conn.Close()
}

// cancelDelays are the times between requests to cancel a statement.
var cancelDelays = [...]time.Duration{100 * time.Millisecond, 300 * time.Millisecond, time.Second, 3 * time.Second}

// cancelAgain asks the server again to cancel the statement of a connection, until the server has closed it.
func cancelAgain(lost *pgconn.PgConn) {
	for _, delay := range cancelDelays {
		select {
		case <-lost.CleanupDone():
			return
		case <-time.After(delay):
		}
		ctx, cancel := context.WithTimeout(context.Background(), delay+time.Second)
		_ = lost.CancelRequest(ctx) // without a server there is no statement either
		cancel()
	}
}
