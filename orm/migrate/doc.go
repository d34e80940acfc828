// Package migrate keeps the tables of a database in step with models: it writes, applies and undoes migrations.
//
// A migration is a Go file in the migrations package of an app. Its operations are the same for every database, and it
// imports no models, so it compiles whatever the models look like later:
//
//	package migrations
//
//	import m "github.com/quintetgo/quintet/orm/migrate/operations"
//
//	var m0002PostLang = m.Migration{
//		Name:    "0002_post_lang",
//		Depends: []m.Dependency{m.On("blog", "0001_initial")},
//		Operations: []m.Operation{
//			m.AddField{Model: "Post", Field: m.Char("lang", 5).Backfill("en")},
//		},
//	}
//
// The command makemigrations compares the models with the migrations, writes the next file, and keeps up to date the list
// beside it (migrations.All) that the app's Migrations method returns. It needs no database. The command migrate applies
// the migrations that a database lacks: each in one transaction, together with its record in the table quintet_migrations.
//
// [New] returns the app that adds these commands to a project. Package operations defines what migration files contain, and
// package rows reads and writes rows in the Go code of a migration.
package migrate
