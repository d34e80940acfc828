package postgres

import (
	"context"
	"database/sql/driver"
)

// connector opens connections, and explains why it cannot.
type connector struct{ driver.Connector }

func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		if explained := (postgresDialect{}).Explain(err); explained != nil {
			return nil, explained
		}
		return nil, err
	}
	return conn, nil
}
