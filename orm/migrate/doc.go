// Package migrate changes databases along with models: it writes migrations, applies them and undoes them.
//
// A migration is a Go file in the migrations package of an app. It holds operations that no database is special to, and
// imports no models, so it compiles whatever the models look like later:
//
//	package migrations
//
//	import m "github.com/quintetgo/quintet/orm/migrate"
//
//	var m0002PostLang = m.Migration{
//		Name:    "0002_post_lang",
//		Depends: []m.Dependency{m.On("blog", "0001_initial")},
//		Operations: []m.Operation{
//			m.AddField{Model: "Post", Field: m.Char("lang", 5).Backfill("en")},
//		},
//	}
//
// The command makemigrations compares the models with what the migrations say so far, writes the next file and keeps
// the list beside it (migrations.All) that the app's Migrations method returns. It needs no database. The command
// migrate applies what a database lacks: each migration in one transaction, together with its record in the table
// quintet_migrations.
//
// [App] brings the commands to a project.
package migrate
