package executor_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/migrate/executor"
	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/ormtest"
	"github.com/quintetgo/quintet/orm/ormtest/testdb"
)

// databases open the databases that random changes are tried on.
var databases = map[string]func(t testing.TB) *orm.DB{
	"sqlite":   func(t testing.TB) *orm.DB { return ormtest.Open(t) },
	"postgres": func(t testing.TB) *orm.DB { return testdb.Postgres(t) },
	"mariadb":  func(t testing.TB) *orm.DB { return testdb.MariaDB(t) },
}

type walk struct {
	*testing.T
	random  *rand.Rand
	open    func(t testing.TB) *orm.DB
	db      *sql.DB
	dialect dialect.Dialect
	names   int
}

func newWalk(t *testing.T, open func(t testing.TB) *orm.DB, random *rand.Rand) *walk {
	db := open(t)
	return &walk{T: t, random: random, open: open, db: db.Writer(), dialect: db.Dialect()}
}

// quote returns names in quotation marks, separated by commas.
func (w *walk) quote(names ...string) string {
	quoted := dialect.NewWriter(w.dialect)
	quoted.Names(names...)
	return quoted.SQL()
}

// migrate leads the app to a migration, "" for the last.
func (w *walk) migrate(g *executor.Graph, name string) error {
	w.Helper()
	applied, err := executor.ReadApplied(w.Context(), w.db, w.dialect)
	if err != nil {
		w.Fatal(err)
	}
	steps, err := g.To("app", name, applied)
	if err != nil {
		w.Fatal(err)
	}
	return (&executor.Runner{DB: w.db, Dialect: w.dialect, Graph: g}).Run(w.Context(), steps, executor.Options{})
}

// structure describes the tables of the database apart from the order of columns and the way they came about.
func (w *walk) structure() string {
	w.Helper()
	introspector := w.dialect.(dialect.Introspector)
	names, err := introspector.Tables(w.Context(), w.db)
	if err != nil {
		w.Fatal(err)
	}
	var b strings.Builder
	for _, name := range names {
		if name == executor.Table {
			continue
		}
		x, err := introspector.Table(w.Context(), w.db, name)
		if err != nil {
			w.Fatal(err)
		}
		lines := make([]string, 0, len(x.Columns)+len(x.Indexes)+len(x.Checks))
		for _, c := range x.Columns {
			lines = append(lines, fmt.Sprintf("  column %+v", c))
		}
		for _, i := range x.Indexes {
			lines = append(lines, fmt.Sprintf("  index %+v", i))
		}
		for _, c := range x.Checks {
			lines = append(lines, fmt.Sprintf("  check %s %s", c.Name, strings.ReplaceAll(c.SQL, `"`, "")))
		}
		slices.Sort(lines)
		fmt.Fprintf(&b, "table %s\n%s\n", name, strings.Join(lines, "\n"))
	}
	return b.String()
}

// fresh returns the structure that the models of a state have when made at once.
func (w *walk) fresh(s *operations.State) string {
	w.Helper()
	other := newWalk(w.T, w.open, w.random)
	if err := executor.Create(w.Context(), other.db, other.dialect, s, nil); err != nil {
		w.Fatal(err)
	}
	return other.structure()
}
