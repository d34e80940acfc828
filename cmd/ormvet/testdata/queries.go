package shelf

import "github.com/quintetgo/quintet/orm"

var (
	postAuthor = PostQ.Author()
	spam       = CommentQ.Text.Eq("spam")
)

func wrong(posts orm.Query[Post], changing orm.Query[Comment]) {
	posts.Filter(CommentQ.Text.Eq("x"))                                           // want shelf.Comment
	posts.Filter(PostQ.Views.Eq(1), CommentQ.Text.Eq("x"))                        // want shelf.Comment
	posts.Filter(CommentQ.Post().Title.Eq("x"))                                   // want shelf.Comment
	posts.Exclude(spam)                                                           // want shelf.Comment
	posts.Filter(orm.Or(PostQ.Views.Eq(1), orm.Not(CommentQ.Text.IContains("")))) // want shelf.Comment
	posts.Filter(PostQ.Views.Eq(1).And(spam.Not()))                               // want shelf.Comment
	posts.Filter(orm.Lookup[Comment]("text", "x"))                                // want shelf.Comment
	posts.Filter(PostQ.ID.EqExpr(CommentQ.ID.Add(1)))                               // want shelf.Comment
	posts.Filter([]orm.Cond{spam}...)                                             // want shelf.Comment
	posts.OrderBy(CommentQ.Text.Desc())                                           // want shelf.Comment
	posts.SelectRelated(CommentQ.Author())                                        // want shelf.Comment
	posts.Prefetch(TagQ.Posts().Comments())                                       // want shelf.Tag
	posts.GroupBy(TagQ.Name)                                                      // want shelf.Tag
	posts.Annotate("n", TagQ.Posts().Count())                                     // want shelf.Tag
	posts.Annotate("n", PostQ.Comments().CountIf(spam))                           // want shelf.Comment
	q := CommentQ
	c := q.Post()
	posts.Filter(c.Title.Eq("x"))                          // want shelf.Comment
	_, _ = posts.Update(nil, CommentQ.Ups.Set(1))          // want shelf.Comment
	_, _ = orm.Aggregate(nil, posts, CommentQ.Ups.Sum()) // want shelf.Comment
	changing.Filter(PostQ.Comments().Text.Eq("x"))         // want shelf.Post
	orm.From(nil, CommentQ).Filter(PostQ.Views.Eq(1))      // want shelf.Post
}

func right(posts orm.Query[Post], other CommentCols, conds []orm.Cond) {
	posts.Filter(PostQ.Views.Eq(1), PostQ.Comments().Text.Eq("x"), postAuthor.Name.Eq("x"))
	posts.Filter(orm.ExistsIn(orm.From(nil, CommentQ).Filter(CommentQ.PostID.EqOuter(PostQ.ID))))
	posts.Filter(PostQ.ID.InQuery(orm.From(nil, CommentQ).Filter(spam).Any()))
	posts.PrefetchQuery(PostQ.Comments(), orm.From(nil, CommentQ).Filter(spam).Any())
	posts.Filter(other.Text.Eq("x")) // a parameter may be at any path
	posts.Filter(conds...)
	c := PostQ.Comments()
	posts.Filter(c.Text.Eq("x"))
	c = CommentQ.Post().Comments()
	posts.Filter(c.Text.Eq("x")) // assigned twice
	orm.From(nil, TagQ).Annotate("n", TagQ.Posts().Count()).OrderBy(TagQ.Name.Asc())
}
