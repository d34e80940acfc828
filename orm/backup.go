package orm

import (
	"context"
	"fmt"
)

// Backup writes a complete copy of the database, as of one point in time, to a file that must not exist yet. Requests are
// served meanwhile. It fails for a driver that cannot copy its database, and leaves no file after an error.
func (db *DB) Backup(ctx context.Context, path string) error {
	conn := db.core.conn
	if conn.Backup == nil {
		return fmt.Errorf("orm: Quintet does not copy %s databases; use the backup program of the database", conn.Dialect.Name())
	}
	if err := conn.Backup(ctx, path); err != nil {
		return fmt.Errorf("orm: back up to %s: %w", path, err)
	}
	return nil
}
