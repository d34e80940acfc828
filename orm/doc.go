// Package orm stores and queries models in a database: it opens connections, runs transactions that travel in the
// context, writes and deletes objects, and builds typed queries. Package orm/dynamic has queries on models that are
// known at run time only.
//
// A [DB] is opened once, and the models of every app are registered in it. Models are plain structs with GORM tags. A
// Fields method adds what the tags cannot express; it names fields by pointer:
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
// Every method that runs statements takes a context. Inside [DB.Atomic] the context carries the transaction, so that
// all calls with it take part.
//
// Errors are types and sentinels: [NotFoundError], [ValidationError], [IntegrityError], [BulkError],
// [ProtectedError], [LookupError]. Those that a response can be made of have an HTTP status.
package orm
