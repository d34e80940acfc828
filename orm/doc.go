// Package orm stores and finds models in a database: it opens connections, runs transactions that travel in the context,
// writes and deletes objects, and builds queries.
//
// A [DB] is opened once, and the models of every app are registered in it. Models are plain structs with GORM tags; what
// GORM cannot say goes into a Fields method:
//
//	type Post struct {
//		ID       int64
//		Title    string `gorm:"size:200"`
//		AuthorID int64
//		Author   *accounts.User
//	}
//
//	func (p *Post) Fields(f *orm.Fields) {
//		orm.Describe(f, &p.Title).Help("Shown in lists")
//		orm.FK(f, &p.Author).OnDelete(orm.Cascade).Related("posts")
//	}
//
// Every method that talks to the database takes a context. Inside [DB.Atomic] that context carries the transaction, so
// all calls made with it take part.
package orm
