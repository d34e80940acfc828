package fixture

import "github.com/quintetgo/quintet/orm"

var (
	postAuthor = Posts.Author()
	spam       = Comments.Text.Eq("spam")
)

func wrong(posts orm.Query[Post], changing orm.Query[Comment]) {
	posts.Filter(Comments.Text.Eq("x"))                                           // want fixture.Comment
	posts.Filter(Posts.Views.Eq(1), Comments.Text.Eq("x"))                        // want fixture.Comment
	posts.Filter(Comments.Post().Title.Eq("x"))                                   // want fixture.Comment
	posts.Exclude(spam)                                                           // want fixture.Comment
	posts.Filter(orm.Or(Posts.Views.Eq(1), orm.Not(Comments.Text.IContains("")))) // want fixture.Comment
	posts.Filter(Posts.Views.Eq(1).And(spam.Not()))                               // want fixture.Comment
	posts.Filter(orm.Lookup[Comment]("text", "x"))                                // want fixture.Comment
	posts.Filter(Posts.ID.EqExpr(Comments.ID.Add(1)))                             // want fixture.Comment
	posts.Filter([]orm.Condition{spam}...)                                        // want fixture.Comment
	posts.OrderBy(Comments.Text.Desc())                                           // want fixture.Comment
	posts.SelectRelated(Comments.Author())                                        // want fixture.Comment
	posts.Prefetch(Tags.Posts().Comments())                                       // want fixture.Tag
	posts.GroupBy(Tags.Name)                                                      // want fixture.Tag
	posts.Annotate("n", Tags.Posts().Count())                                     // want fixture.Tag
	posts.Annotate("n", Posts.Comments().CountIf(spam))                           // want fixture.Comment
	q := Comments
	c := q.Post()
	posts.Filter(c.Title.Eq("x"))                        // want fixture.Comment
	_, _ = posts.Update(nil, Comments.Ups.Set(1))        // want fixture.Comment
	_, _ = orm.Aggregate(nil, posts, Comments.Ups.Sum()) // want fixture.Comment
	changing.Filter(Posts.Comments().Text.Eq("x"))       // want fixture.Post
	orm.From(nil, Comments).Filter(Posts.Views.Eq(1))    // want fixture.Post
}

func right(posts orm.Query[Post], other CommentCols, conds []orm.Condition) {
	posts.Filter(Posts.Views.Eq(1), Posts.Comments().Text.Eq("x"), postAuthor.Name.Eq("x"))
	posts.Filter(orm.Exists(orm.From(nil, Comments).Filter(Comments.PostID.EqOuter(Posts.ID))))
	posts.Filter(Posts.ID.InQuery(orm.From(nil, Comments).Filter(spam)))
	posts.PrefetchQuery(Posts.Comments(), orm.From(nil, Comments).Filter(spam))
	posts.Filter(other.Text.Eq("x")) // a parameter may be at any path
	posts.Filter(conds...)
	c := Posts.Comments()
	posts.Filter(c.Text.Eq("x"))
	c = Comments.Post().Comments()
	posts.Filter(c.Text.Eq("x")) // assigned twice
	orm.From(nil, Tags).Annotate("n", Tags.Posts().Count()).OrderBy(Tags.Name.Asc())
}
