package postgres

import (
	"context"
	"database/sql/driver"
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
	if pgxConn, ok := opened.(*stdlib.Conn); ok {
		return conn{pgxConn}, nil
	}
	return opened, nil
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
