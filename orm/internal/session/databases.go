package session

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/registry"
	"github.com/quintetgo/quintet/orm/router"
	"github.com/quintetgo/quintet/orm/schema"
)

// group is what the databases that are used together share: the models, and who receives signals.
type group struct {
	registry  registry.Registry
	databases []*database   // the default one first
	router    router.Router // nil if every table is in the default database

	receiversMutex sync.Mutex
	receivers      atomic.Pointer[map[subject][]*Receiver] // replaced as a whole
}

// AddDatabase adds a database with the models of s. It must be called before the databases are used.
func (s *Session) AddDatabase(alias string, conn *dialect.Connection) error {
	switch {
	case !isAlias(alias):
		return fmt.Errorf("orm: %q cannot be the alias of a database: write lower-case letters, digits and _, such as \"logs\"", alias)
	case s.find(alias) != nil:
		return fmt.Errorf("orm: there is a database %q already", alias)
	}
	d := newDatabase(conn, s.group)
	d.alias = alias
	s.databases = append(s.databases, d)
	s.Place()
	return nil
}

// isAlias reports whether a text can be the alias of a database, also as a part of a name of an environment variable.
func isAlias(alias string) bool {
	for i, r := range alias {
		if (r < 'a' || r > 'z') && (i == 0 || r != '_' && (r < '0' || r > '9')) {
			return false
		}
	}
	return alias != ""
}

// Route sets where the rows of models are. It must be called before the databases are used.
func (s *Session) Route(r router.Router) {
	s.router = r
	s.Place()
}

// Place writes into models and relations where their rows are. It is called after each change of either.
func (g *group) Place() {
	if g.router == nil {
		return
	}
	models := g.registry.Models()
	for _, m := range models {
		m.Database = canonical(g.router.Database(placedName(m)))
	}
	for _, m := range models {
		for _, f := range m.Fields {
			if r := f.Relation; r != nil && r.To != nil {
				r.Remote = g.crosses(m, r.To)
			}
		}
		for _, f := range m.ManyToMany {
			if r := f.Relation; r.To != nil && r.Through != nil {
				r.Remote = g.crosses(r.Through, m) || g.crosses(r.Through, r.To) || g.crosses(m, r.Through) || g.crosses(r.To, r.Through)
			}
		}
	}
}

// canonical returns an alias as models have it: "" for that of the default database.
func canonical(alias string) string {
	if alias == router.Default {
		return ""
	}
	return alias
}

// placedName returns the name of the model that decides where a model's table is: an implicit through model is where its
// many-to-many field is.
func placedName(m *schema.Model) string {
	if m.AutoOf != nil {
		m = m.AutoOf.Model
	}
	return m.String()
}

// crosses reports whether some database has the table of a model without that of another model.
func (g *group) crosses(from, to *schema.Model) bool {
	return !g.has(from.Database, to) || slices.ContainsFunc(g.databases, func(d *database) bool {
		return g.has(d.alias, from) && !g.has(d.alias, to)
	})
}

// has reports whether a database has the table of a model.
func (g *group) has(alias string, m *schema.Model) bool {
	if g.router == nil {
		return alias == ""
	}
	if alias == "" {
		alias = router.Default
	}
	return g.router.HasTable(alias, placedName(m))
}

func (g *group) find(alias string) *database {
	i := slices.IndexFunc(g.databases, func(d *database) bool { return d.alias == canonical(alias) })
	if i < 0 {
		return nil
	}
	return g.databases[i]
}

// Alias returns the alias of the database, "default" for the first one.
func (d *database) Alias() string {
	if d.alias == "" {
		return router.Default
	}
	return d.alias
}

// Router returns what was passed to Route, or nil.
func (g *group) Router() router.Router { return g.router }

// Aliases returns the aliases of all databases, the default one first.
func (g *group) Aliases() []string {
	var names []string
	for _, d := range g.databases {
		names = append(names, d.Alias())
	}
	return names
}

// HasTable reports whether the table of a model belongs in the database.
func (s *Session) HasTable(m *schema.Model) bool { return s.has(s.alias, m) }

// Using returns the handle that runs everything on one database, whatever the router chooses. If there is no such
// database, all that runs statements returns an error.
func (s *Session) Using(alias string) *Session {
	d := s.find(alias)
	if d == nil {
		return s.refusing(s.unknown(alias))
	}
	return &Session{database: d, skipValidation: s.skipValidation, pinned: true}
}

// unknown returns the error of an alias that no database has.
func (g *group) unknown(alias string) error {
	known := g.Aliases()
	return fmt.Errorf("orm: there is no database %q%s; the databases are: %s", alias, check.DidYouMean(alias, known),
		strings.Join(known, ", "))
}

// Of returns the handle of the database that has the rows of a model. Those of a handle that Using returned are in its own
// database.
func (s *Session) Of(m *schema.Model) *Session {
	switch {
	case s == nil || m == nil || s.err != nil:
		return s
	case s.pinned:
		if !s.has(s.alias, m) {
			return s.refusing(fmt.Errorf("orm: the database %q has no table of %s; change the router that DB.Route received", s.Alias(), m))
		}
		return s
	case m.Database == s.alias:
		return s
	}
	d := s.find(m.Database)
	if d == nil {
		return s.refusing(fmt.Errorf("the router puts %s into a database that is not open: %w", m, s.unknown(m.Database)))
	}
	return d.handle(s.skipValidation)
}

// For is Of for the model of an object, of a pointer to one, or of the objects in a slice. It returns s if that is no model.
func (s *Session) For(objects any) *Session {
	if s.router == nil && !s.pinned {
		return s
	}
	rv := reflect.ValueOf(objects)
	for rv.Kind() == reflect.Slice && rv.Type().Elem().Kind() == reflect.Interface && rv.Len() > 0 {
		rv = reflect.ValueOf(rv.Index(0).Interface())
	}
	if !rv.IsValid() {
		return s
	}
	m, err := s.ModelOf(rv.Type())
	if err != nil {
		return s // the caller reports it
	}
	return s.Of(m)
}

// Across returns the handle that reads the model at the end of a relation, for rows that s has read.
func (s *Session) Across(step schema.Step) *Session {
	if !step.Relation.Remote {
		return s
	}
	return s.database.handle(s.skipValidation).Of(step.To())
}

// handle returns the handle of the database that follows the router.
func (d *database) handle(skipValidation bool) *Session {
	if skipValidation {
		return &Session{database: d, skipValidation: true}
	}
	return d.session
}

// refusing returns a handle that runs no statements and returns an error instead.
func (s *Session) refusing(err error) *Session {
	d := newDatabase(&dialect.Connection{Dialect: s.conn.Dialect, Dialector: s.conn.Dialector}, s.group)
	return &Session{database: d, skipValidation: s.skipValidation, pinned: true, err: err}
}

// Err returns why the handle runs no statements, or nil.
func (s *Session) Err() error { return s.err }

// refused runs no statements.
type refused struct{ err error }

func (r refused) QueryContext(context.Context, string, ...any) (*sql.Rows, error) { return nil, r.err }

func (r refused) ExecContext(context.Context, string, ...any) (sql.Result, error) { return nil, r.err }

// Connect and Driver implement driver.Connector, for callers that need a pool.
func (r refused) Connect(context.Context) (driver.Conn, error) { return nil, r.err }
func (r refused) Driver() driver.Driver                        { return r }

// Open implements driver.Driver.
func (r refused) Open(string) (driver.Conn, error) { return nil, r.err }

// Close closes every connection of all databases, after the statements that run on them.
func (s *Session) Close() error {
	if s.err != nil {
		return nil
	}
	closed := s.databases
	if s.pinned {
		closed = []*database{s.database}
	}
	var errs []error
	for _, d := range closed {
		errs = append(errs, CloseConnection(d.conn))
		for _, replica := range d.replicas.connections {
			errs = append(errs, CloseConnection(replica))
		}
	}
	return errors.Join(errs...)
}
