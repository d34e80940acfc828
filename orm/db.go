package orm

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/schema"
	"gorm.io/gorm"
)

// DB is an open database and the models that live in it. It is safe for concurrent use once the models are registered.
type DB struct {
	core           *core
	skipValidation bool
}

// core is what all handles of one database share.
type core struct {
	conn     *Connection
	registry schema.Registry
	plans    sync.Map // *Model to *writePlan

	watching  sync.Mutex
	observers atomic.Pointer[[]*func(Statement)] // replaced as a whole

	gormOnce sync.Once
	gorm     *gorm.DB
	gormErr  error
}

func newCore(conn *Connection) *core { return &core{conn: conn} }

// Close closes every connection. Running statements are waited for.
func (db *DB) Close() error {
	conn := db.core.conn
	var errs []error
	if conn.Reader != conn.Writer {
		errs = append(errs, conn.Reader.Close())
	}
	errs = append(errs, conn.Writer.Close())
	if conn.Close != nil {
		errs = append(errs, conn.Close())
	}
	return errors.Join(errs...)
}

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return db.core.conn.Reader.PingContext(ctx) }

// Register makes models known under an app's label: pointers to structs, &Post{}. Every mistake is reported at once, with
// its place and the way out. A type that is known already is passed over. Register before anything else uses the DB.
func (db *DB) Register(app string, models ...any) error {
	return db.core.registry.Register(app, models...)
}

// Alias makes another name for a model: db.Alias("auth.User", "accounts.User"). The model may be registered later.
func (db *DB) Alias(alias, model string) error { return db.core.registry.Alias(alias, model) }

// Models gives all models in the order of registration, implicit through models included.
func (db *DB) Models() []*Model { return db.core.registry.Models() }

// Model finds a model by name, "blog.Post" in any case, or by an alias.
func (db *DB) Model(name string) (*Model, error) { return db.core.registry.Model(name) }

// ModelOf finds the model of a struct, of a pointer to one, of a slice of them, or of a reflect.Type.
func (db *DB) ModelOf(v any) (*Model, error) { return db.core.registry.ModelOf(v) }

// ModelFor finds the model whose Go type is T.
func ModelFor[T any](db *DB) (*Model, error) { return db.ModelOf((*T)(nil)) }

// New makes a *T with the model's defaults set.
func New[T any](db *DB) (*T, error) {
	m, err := ModelFor[T](db)
	if err != nil {
		return nil, err
	}
	return m.New().(*T), nil
}

// Check gives what is wrong with the models as a whole: relations without target, names that lead nowhere, foreign keys
// that do not say what deleting does. Call it when every app has registered its models.
func (db *DB) Check() []check.Problem { return db.core.registry.Check() }

// CheckDriver reports what the database driver of this program lacks, and files that others may read. It does not wait for
// the database.
func (db *DB) CheckDriver() []check.Problem {
	if db.core.conn.Check == nil {
		return nil
	}
	return db.core.conn.Check()
}

// Dialect is how this database writes SQL.
func (db *DB) Dialect() Dialect { return db.core.conn.Dialect }

// Writer is the pool that takes writes; migrations need connections of it. On SQLite it has a single connection, so a
// transaction held there blocks every write.
func (db *DB) Writer() *sql.DB { return db.core.conn.Writer }

// SkipValidation gives a handle whose Create, Save and CreateAll do not validate.
func (db *DB) SkipValidation() *DB { return &DB{core: db.core, skipValidation: true} }
