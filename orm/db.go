package orm

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/session"
	"gorm.io/gorm"
)

// DB is an open database and its registered models, and the databases that were added to it; see [DB.AddDatabase].
// It is safe for concurrent use once the models are registered.
type DB struct{ session *session.Session }

// Open opens the database that a URL such as "sqlite:///db.sqlite3" names, with the driver that has its scheme. The
// error of an unknown scheme lists example URLs. It does not connect: the first statement does, apart from what the
// driver checks at once. The caller closes the DB.
func Open(databaseURL string, drivers ...dialect.Driver) (*DB, error) {
	conn, err := connect(databaseURL, drivers)
	if err != nil {
		return nil, err
	}
	return &DB{session.New(conn)}, nil
}

// AddReplica opens a copy of the database that takes reads, on a server that follows that of the database. Call it before
// the database is used. Reads outside of transactions go to the replicas in turn, if their context permits it: that of a
// request behind the middleware requests.Replicas, or one that [WithReplicas] returned. A replica that cannot be reached
// is left out for some seconds; if none can, the database itself is read. Close closes the replicas too.
func (db *DB) AddReplica(databaseURL string, drivers ...dialect.Driver) error {
	conn, err := connect(databaseURL, drivers)
	if err != nil {
		return err
	}
	return db.session.AddReplica(conn)
}

// PingReplicas returns an error for each replica that does not respond, joined.
func (db *DB) PingReplicas(ctx context.Context) error { return db.session.PingReplicas(ctx) }

// WithReplicas returns a context whose reads may go to the replicas of a database, which lag behind it, until something
// is written with the context.
func WithReplicas(ctx context.Context) context.Context {
	ctx, _ = session.WithReplicas(ctx, false)
	return ctx
}

// connect opens the database that a URL names with the driver that has its scheme.
func connect(databaseURL string, drivers []dialect.Driver) (*dialect.Connection, error) {
	if len(drivers) == 0 {
		return nil, errors.New("orm: no database driver given; pass one, as in orm.Open(url, sqlite.Driver)")
	}
	scheme, _, found := strings.Cut(databaseURL, ":")
	var schemes, examples []string
	for _, driver := range drivers {
		examples = append(examples, driver.Example())
		for _, s := range driver.Schemes() {
			schemes = append(schemes, s)
			if !found || !strings.EqualFold(s, scheme) {
				continue
			}
			conn, err := driver.Open(databaseURL)
			if err != nil {
				return nil, fmt.Errorf("orm: open %s: %w", hidePassword(databaseURL), err)
			}
			return conn, nil
		}
	}
	problem := "has no scheme"
	if databaseURL == "" {
		problem = "is empty"
	} else if found {
		problem = fmt.Sprintf("has the unknown scheme %q%s", scheme, check.DidYouMean(scheme, schemes))
	}
	return nil, fmt.Errorf("orm: the database URL %q %s; expected something like %s",
		hidePassword(databaseURL), problem, strings.Join(examples, " or "))
}

// MustOpen is Open for programs that cannot run without a database: it panics if Open returns an error.
func MustOpen(databaseURL string, drivers ...dialect.Driver) *DB {
	db, err := Open(databaseURL, drivers...)
	if err != nil {
		panic(err)
	}
	return db
}

// Session returns what the packages below this one run statements on. Its type is internal to this module.
func (db *DB) Session() *session.Session {
	if db == nil {
		return nil
	}
	return db.session
}

// Close waits for running statements and closes every connection, of all databases that were added. The handle that
// [DB.Using] returned closes its own database only.
func (db *DB) Close() error { return db.session.Close() }

// Ping returns an error unless the database responds.
func (db *DB) Ping(ctx context.Context) error { return db.session.Ping(ctx) }

// Register registers models, pointers to structs such as &Post{}, under an app's label. The error joins every problem
// found, each with its location and a hint. Types already registered are ignored. Register every model before
// anything else uses the DB.
func (db *DB) Register(app string, models ...any) error {
	defer db.session.Place()
	return db.session.Registry().Register(app, models...)
}

// Alias adds another name for a model, which may be registered later: db.Alias("auth.User", "accounts.User"). It
// returns an error if the alias is in use.
func (db *DB) Alias(alias, model string) error {
	defer db.session.Place()
	return db.session.Registry().Alias(alias, model)
}

// Models returns all models in the order of registration, implicit through models included.
func (db *DB) Models() []*Model { return db.session.Models() }

// Model returns the model with a name such as "blog.Post", in any case, or an alias. The error of an unknown name
// suggests similar ones.
func (db *DB) Model(name string) (*Model, error) { return db.session.Model(name) }

// ModelOf returns the model of a struct, of a pointer to one, of a slice of them, or of a reflect.Type. It returns an
// error if the type is not registered.
func (db *DB) ModelOf(v any) (*Model, error) { return db.session.ModelOf(v) }

// ModelFor returns the model whose Go type is T, or an error if it is not registered.
func ModelFor[T any](db *DB) (*Model, error) { return db.ModelOf((*T)(nil)) }

// New returns a *T with the model's defaults set, or an error if T is not registered.
func New[T any](db *DB) (*T, error) {
	m, err := ModelFor[T](db)
	if err != nil {
		return nil, err
	}
	return m.New().(*T), nil
}

// Check returns the problems of the models as a whole: relations without a target, names that resolve to nothing,
// foreign keys without an OnDelete, relations between databases. Call it when every app has registered its models.
func (db *DB) Check() []check.Problem {
	registry := db.session.Registry()
	problems := registry.Check()
	for _, each := range db.Databases() {
		problems = append(problems, registry.CheckDatabase(each.Dialect(), each.HasTable)...)
	}
	return slices.Concat(problems, db.checkRoutes(), db.checkReceivers(), db.checkConditions())
}

// CheckDriver returns what the database drivers of this program lack, and database files that other users may read. It
// does not wait for the databases.
func (db *DB) CheckDriver() []check.Problem {
	var problems []check.Problem
	for _, each := range db.Databases() {
		problems = append(problems, each.session.CheckDriver()...)
	}
	return problems
}

// Dialect returns how this database writes SQL.
func (db *DB) Dialect() dialect.Dialect { return db.session.Dialect() }

// EstimateRows returns the number of rows of a table as of the last time that the database analyzed it, without
// counting. It is 0 for a database that keeps no statistics, and for a table that was never analyzed.
func (db *DB) EstimateRows(ctx context.Context, table string) (int64, error) {
	return db.session.EstimateRows(ctx, table)
}

// Writer returns the pool that takes writes; migrations use connections of it. On SQLite it has a single connection,
// so a transaction on it blocks every other write.
func (db *DB) Writer() *sql.DB { return db.session.WriterPool() }

// SkipValidation returns a handle of the same database whose Create, Save, SaveFields and CreateAll do not validate.
func (db *DB) SkipValidation() *DB { return &DB{db.session.SkipValidation()} }

// Exec runs a statement, in the context's transaction if there is one. The error may be an [*IntegrityError].
func (db *DB) Exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return db.session.Exec(ctx, query, args...)
}

// Query runs a statement that returns rows, in the context's transaction if there is one. Outside a transaction,
// reads use the pool of readers. The caller closes the rows.
func (db *DB) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return db.session.Query(ctx, query, args...)
}

// Gorm returns a *gorm.DB on the same pools, in the context's transaction if there is one, with this package's table
// and column names. Hooks, validation and deletion rules of this package do not apply to what it does. If GORM cannot
// open the database, the error is in the Error field of the result.
func (db *DB) Gorm(ctx context.Context) *gorm.DB { return db.session.Gorm(ctx) }

// Backup writes a complete copy of the database, as of one point in time, to a file that must not exist yet. Requests
// are served meanwhile. It returns an error if the driver cannot copy its database, and leaves no file after an
// error.
func (db *DB) Backup(ctx context.Context, path string) error { return db.session.Backup(ctx, path) }

// Statement is one SQL statement that was run, as observers receive it.
type Statement struct {
	SQL  string        // the text, with placeholders
	Args []any         // the values bound to the placeholders; read-only
	Took time.Duration // until the first row could be read
	Err  error         // the driver's error, nil on success
}

// WithObserver returns a context whose statements are reported to fn, in the goroutine that runs them, in addition to
// an observer that ctx has. fn must be safe for concurrent use if the context is used concurrently. Statements of
// [DB.Gorm], and those that begin and end transactions, are not reported.
func WithObserver(ctx context.Context, fn func(Statement)) context.Context {
	return session.WithObserver(ctx, func(s session.Statement) { fn(Statement(s)) })
}

// Observe reports every statement of this database to fn, in the goroutine that runs it, until stop is called. fn
// must be safe for concurrent use. It is meant for tests and development; see [WithObserver] for a single request.
func (db *DB) Observe(fn func(Statement)) (stop func()) {
	return db.session.Observe(func(s session.Statement) { fn(Statement(s)) })
}

// hidePassword returns a URL without its password, for messages.
func hidePassword(databaseURL string) string {
	if u, err := url.Parse(databaseURL); err == nil {
		return u.Redacted()
	}
	scheme, rest, ok := strings.Cut(databaseURL, "://")
	if !ok {
		return databaseURL
	}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		return scheme + "://xxxxx" + rest[i:]
	}
	return databaseURL
}

// checkReceivers returns problems of functions that are connected to types which are no models.
func (db *DB) checkReceivers() (problems []check.Problem) {
	for _, t := range db.session.Receiving() {
		if _, err := db.session.ModelOf(t); err != nil {
			problems = append(problems, check.Problem{
				ID: "orm.E074", Level: check.Error, Place: t.String(),
				Message: fmt.Sprintf("a function is connected to writes of %s, which is not a model of this database", t),
				Hint:    "List it in the Models method of its app, and the app in the project.",
			})
		}
	}
	return problems
}
