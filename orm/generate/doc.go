// Package generate writes the typed query columns of an app's models, models_gen.go, from the source alone.
//
// It reads syntax, not types, so that it works while the package does not compile: after a field was renamed, or while
// its last output is stale. From
//
//	type Post struct {
//		ID       int64
//		Title    string
//		AuthorID int64
//		Author   *accounts.User
//	}
//
//	func (App) Models() []any { return []any{&Post{}} }
//
// it writes PostCols (one typed column for each stored field, one method for each relation), PostAt, which the relation
// methods of other models call, and Posts, the columns of a query that starts at Post.
//
// The variable has the plural of the model's name. If the package declares that name already, generating fails and names
// both; a directive in the comment above the struct chooses another one:
//
//	//quintet:columns AllNews
//	type News struct { … }
//
// # Which structs are models
//
// Those that a method Models() []any of the module lists as &T{}, T{}, new(T) or (*T)(nil), in whatever package T
// is declared. Test files and files that build constraints exclude are ignored.
//
// # How fields become columns
//
//   - Unexported fields and fields tagged gorm:"-" are omitted.
//   - Embedded structs, and fields tagged gorm:"embedded", contribute their fields, with the embeddedPrefix if there is one.
//   - A struct or pointer to struct T with a companion field (AuthorID for Author, the name in gorm:"foreignKey:…", or
//     the name plus that of T's primary key) is a relation and becomes a method. So does a slice tagged many2many. Structs
//     with a Value method, a serializer or a column type are plain columns.
//   - A key that the Fields method describes with FKTo, as the related type cannot be named, is a column, and a method without the
//     "ID" at its end is the relation. Its columns are those of the related model at that path:
//     accounts.UserAt(Entries.User()).Name.Eq("Ada").
//   - Strings are columns.String, times columns.Time, int64 columns.Int64, other numbers columns.Numeric, and so on; a pointer or a
//     sql.Null type makes it the Null variant; a named type keeps its name (columns.Column[Status]), and numeric ones their arithmetic
//     (columns.Numeric[Level]).
//   - Reverse relations have the name passed to Related("…") in the Fields method, else that of the struct field for the
//     objects, else that of the model. In the same package they are methods; in another package, which the target cannot
//     import, they are functions: PostsOf(accounts.UserCols).
//
// # Other packages
//
// Imports are followed through go.mod, its replace lines, a vendor folder and the module cache. A package that cannot be
// found is not an error: an embedded struct of it contributes nothing, a struct with a companion field is a relation without
// columns (columns.Rel), and anything else is columns.Column of the type as written.
package generate
