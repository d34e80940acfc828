// Package session runs statements on an open database: in the transaction of their context, reported to observers, with
// the driver's errors translated. Everything below package orm takes a [Session].
package session

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/registry"
	"github.com/quintetgo/quintet/orm/schema"
	"gorm.io/gorm"
)

// Session is a handle of an open database and the models registered on it. Handles of one database share everything but
// whether writes validate, and whether they follow the router. It is safe for concurrent use once the models are
// registered.
type Session struct {
	*database
	skipValidation bool
	pinned         bool  // everything runs on this database; otherwise the router chooses that of each model
	err            error // of a handle without a database
}

// database is what all handles of one database share.
type database struct {
	*group
	alias    string   // "" for the default database
	session  *Session // the handle that validates and follows the router
	conn     *dialect.Connection
	writers  *writerPool
	replicas replicas
	cache    sync.Map // what other packages prepare once for each model; see Cached

	observersMutex sync.Mutex
	observers      atomic.Pointer[[]*func(Statement)] // replaced as a whole

	gormOnce sync.Once
	gorm     *gorm.DB
	gormErr  error
}

// New returns the first handle of an open database.
func New(conn *dialect.Connection) *Session {
	g := &group{}
	d := newDatabase(conn, g)
	g.databases = []*database{d}
	return d.session
}

func newDatabase(conn *dialect.Connection, g *group) *database {
	d := &database{group: g, conn: conn}
	d.session = &Session{database: d}
	if conn.Writer != nil {
		d.writers = newWriterPool(conn.Writer)
	}
	return d
}

// SkipValidation returns a handle of the same database whose writes do not validate.
func (s *Session) SkipValidation() *Session {
	return &Session{database: s.database, skipValidation: true, pinned: s.pinned, err: s.err}
}

// Validates reports whether writes through this handle validate objects.
func (s *Session) Validates() bool { return !s.skipValidation }

// Identity returns what all handles of one open database have in common, and no others.
func (s *Session) Identity() any { return s.database }

// SameDatabase reports whether both handles belong to one open database.
func (s *Session) SameDatabase(other *Session) bool {
	return s != nil && other != nil && s.database == other.database
}

// Dialect returns how the database writes SQL.
func (s *Session) Dialect() dialect.Dialect { return s.conn.Dialect }

// WriterPool returns the pool that takes writes. On SQLite it has a single connection.
func (s *Session) WriterPool() *sql.DB {
	if s.err != nil {
		return sql.OpenDB(refused{s.err})
	}
	return s.conn.Writer
}

// EstimateRows returns the number of rows of a table as the database's statistics have it, 0 if there are none.
func (s *Session) EstimateRows(ctx context.Context, table string) (int64, error) {
	estimator, ok := s.Dialect().(dialect.RowEstimator)
	if !ok {
		return 0, nil
	}
	n, err := estimator.EstimateRows(ctx, s.Reader(ctx), table)
	return n, s.Translate(err)
}

// Registry returns the registered models.
func (s *Session) Registry() *registry.Registry { return &s.registry }

// Models returns all models in the order of registration, implicit through models included.
func (s *Session) Models() []*schema.Model { return s.registry.Models() }

// Model returns the model with a name such as "blog.Post", in any case, or an alias.
func (s *Session) Model(name string) (*schema.Model, error) { return s.registry.Model(name) }

// ModelOf returns the model of a struct, of a pointer to one, of a slice of them, or of a reflect.Type.
func (s *Session) ModelOf(v any) (*schema.Model, error) { return s.registry.ModelOf(v) }

// Ping returns an error unless the database responds.
func (s *Session) Ping(ctx context.Context) error {
	if s.err != nil {
		return s.err
	}
	return s.conn.Reader.PingContext(ctx)
}

// Shell returns the programs that can open the database for a person to type SQL.
func (s *Session) Shell() []dialect.Program { return s.conn.Shell }

// CheckDriver returns what the database driver lacks, without waiting for the database.
func (s *Session) CheckDriver() []check.Problem {
	if s.conn.Check == nil {
		return nil
	}
	return s.conn.Check()
}

// Backup writes a copy of the database, as of one point in time, to a file that must not exist yet.
func (s *Session) Backup(ctx context.Context, path string) error {
	if s.err != nil {
		return s.err
	}
	if s.conn.Backup == nil {
		return fmt.Errorf("orm: Quintet does not copy %s databases; use the backup program of the database", s.conn.Dialect.Name())
	}
	if err := s.conn.Backup(ctx, path); err != nil {
		return fmt.Errorf("orm: back up to %s: %w", path, err)
	}
	return nil
}

// Cached returns what build returned at the first call with this key. The type of a key should be private to its
// package. Concurrent first calls may each build; one result is kept.
func Cached[T any](s *Session, key any, build func() *T) *T {
	if value, ok := s.cache.Load(key); ok {
		return value.(*T)
	}
	value, _ := s.cache.LoadOrStore(key, build())
	return value.(*T)
}
