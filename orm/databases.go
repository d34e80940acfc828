package orm

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/settings"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/problem"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/router"
)

// AddDatabases opens the other databases of a project's settings, and the replicas of all of them:
//
//	db, err := orm.Open(s.DatabaseURL, postgres.Driver)
//	…
//	err = db.AddDatabases(s.Databases(), postgres.Driver)
//
// It closes nothing after an error. [DB.Route] and [DB.Using] use the databases.
func (db *DB) AddDatabases(databases []settings.Database, drivers ...dialect.Driver) error {
	for _, d := range databases {
		if err := db.add(d, drivers); err != nil {
			return err
		}
	}
	return nil
}

// add adds a database, unless it is the default one, and its replicas.
func (db *DB) add(d settings.Database, drivers []dialect.Driver) error {
	if d.Alias != router.Default {
		if err := db.AddDatabase(d.Alias, d.URL, drivers...); err != nil {
			return err
		}
	}
	for _, replica := range d.Replicas {
		if err := db.Using(d.Alias).AddReplica(replica, drivers...); err != nil {
			return fmt.Errorf("a replica of the database %q: %w", d.Alias, err)
		}
	}
	return nil
}

// AddDatabase opens another database for the same models. alias is its name for [DB.Using] and for a router: lower-case
// letters, digits and underscores. Call it before the databases are used. Close closes it too.
//
// A database that no model is routed to has no tables; see [DB.Route].
func (db *DB) AddDatabase(alias, databaseURL string, drivers ...dialect.Driver) error {
	conn, err := connect(databaseURL, drivers)
	if err != nil {
		return fmt.Errorf("database %q: %w", alias, err)
	}
	if err := db.session.AddDatabase(alias, conn); err != nil {
		return errors.Join(err, session.CloseConnection(conn))
	}
	return nil
}

// Using returns a handle that runs everything on the database with an alias, whatever the router chooses:
//
//	err := db.Using("archive").Create(ctx, post)
//	err := db.Using("logs").Atomic(ctx, func(ctx context.Context) error { … })
//
// With an unknown alias, and for a model whose table the database does not have, everything that runs a statement returns an
// error. Queries have a method Using of their own.
func (db *DB) Using(alias string) *DB { return &DB{db.session.Using(alias)} }

// For returns the handle of the database with the rows of a model, which is given as in [DB.ModelOf] or by name. Statements
// on one model in a transaction need it where the model may be in another database than the default one:
//
//	err := db.For(&Event{}).Atomic(ctx, func(ctx context.Context) error { … })
//
// It is db itself for a model that is not registered.
func (db *DB) For(model any) *DB {
	m, ok := model.(*Model)
	if name, named := model.(string); named {
		m, _ = db.Model(name)
	} else if !ok {
		m, _ = db.ModelOf(model)
	}
	return &DB{db.session.Of(m)}
}

// Name returns the alias of the database that statements of this handle run on: "default" unless [DB.Using] or [DB.For]
// returned the handle of another one.
func (db *DB) Name() string { return db.session.Alias() }

// Databases returns a handle for each open database, as [DB.Using] does: the default one first, the others in the order in
// which they were added.
func (db *DB) Databases() []*DB {
	var all []*DB
	for _, alias := range db.session.Aliases() {
		all = append(all, db.Using(alias))
	}
	return all
}

// HasTable reports whether the table of a model belongs in the database of this handle.
func (db *DB) HasTable(m *Model) bool { return db.session.HasTable(m) }

// Router returns what was passed to [DB.Route], or nil.
func (db *DB) Router() router.Router { return db.session.Router() }

// Route sets where the rows of models are; without it, all are in the default database. Call it before the databases are
// used. [DB.Check] reports routes to databases that are not open, and relations between databases.
//
// Statements follow one model: a query cannot filter, order by or join what is in another database, and a transaction is one
// of a single database. Reads and writes of a model use the same database, so that what was written is read; [DB.AddReplica]
// adds copies of a database for reading.
func (db *DB) Route(r router.Router) { db.session.Route(r) }

// checkRoutes returns problems of the router, and of relations that lead to another database.
func (db *DB) checkRoutes() []check.Problem {
	routes := db.session.Router()
	if routes == nil {
		return nil
	}
	known := db.session.Aliases()
	var found []check.Problem
	if names, ok := routes.(router.Map); ok {
		found = db.checkNames(names, known)
	}
	for _, m := range db.Models() {
		alias := m.Database
		if alias == "" {
			alias = router.Default
		}
		switch {
		case m.Auto:
		case !slices.Contains(known, alias):
			found = append(found, problem.Error("orm.E062", m.String(),
				fmt.Sprintf("the router puts the model into the database %q, which is not open%s", alias, check.DidYouMean(alias, known)),
				fmt.Sprintf("Open it with AddDatabase, or set DATABASE_URL_%s and use AddDatabases.", strings.ToUpper(alias))))
		case !db.Using(alias).HasTable(m):
			found = append(found, problem.Error("orm.E062", m.String(),
				fmt.Sprintf("the router puts the rows of the model into the database %q and its table elsewhere", alias),
				"Let HasTable return true for the database that Database returns."))
		}
		for _, f := range slices.Concat(m.Fields, m.ManyToMany) {
			found = append(found, checkRemote(f)...)
		}
	}
	return found
}

// checkNames returns problems of names in routes that are neither apps nor models, and of aliases that are not open.
func (db *DB) checkNames(routes router.Map, known []string) (found []check.Problem) {
	var names []string
	for _, m := range db.Models() {
		if m.AutoOf == nil {
			names = append(names, m.App, m.String())
		}
	}
	for _, key := range slices.Sorted(maps.Keys(routes)) {
		place := fmt.Sprintf("router.Map[%q]", key)
		if !slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, key) }) {
			found = append(found, problem.Error("orm.E063", place, "no app and no model has this name"+check.DidYouMean(key, names),
				"Write the name of an app that has models, or of a model such as \"blog.Post\"."))
		}
		if len(routes[key]) == 0 {
			found = append(found, problem.Error("orm.E063", place, "the route has no database", "Write an alias, such as {\"logs\"}."))
		}
		for _, alias := range routes[key] {
			if !slices.Contains(known, alias) {
				found = append(found, problem.Error("orm.E063", place,
					fmt.Sprintf("the database %q is not open%s", alias, check.DidYouMean(alias, known)),
					fmt.Sprintf("Open it with AddDatabase, or set DATABASE_URL_%s and use AddDatabases.", strings.ToUpper(alias))))
			}
		}
	}
	return found
}

// checkRemote returns the problem of a relation to another database that the database would have to keep.
func checkRemote(f *Field) []check.Problem {
	r := f.Relation
	if r == nil || !r.Remote || f.Model.Auto {
		return nil
	}
	if r.Field == f && f.Column == "" {
		return []check.Problem{problem.Error("orm.E061", f.String(),
			fmt.Sprintf("a many-to-many field leads to %s in another database, and no statement can read both", r.To),
			"Route both models and the through model to one database, or store the keys in a model of your own.")}
	}
	if r.Constraint || r.OnDelete != DoNothing {
		return []check.Problem{problem.Error("orm.E060", f.String(),
			fmt.Sprintf("a foreign key leads to %s in another database, which cannot check it", r.To),
			"Declare it with NoConstraint() and OnDelete(orm.DoNothing), or route both models to one database.")}
	}
	return nil
}
