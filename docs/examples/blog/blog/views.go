package blog

import (
	"fmt"
	"net/http"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/docs/examples/blog/accounts"
	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/messages"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
)

// pageSize is the number of posts on a page.
const pageSize = 12

// live returns the public posts with their authors and tags.
func (a App) live() orm.Query[Post] {
	return a.public().SelectRelated(Posts.Author()).Prefetch(Posts.Tags())
}

// listPage is the data of blog/list.html. Tag and Author are nil unless the list is theirs.
type listPage struct {
	Page   *orm.Page[Post]
	Words  string
	Tag    *Tag
	Author *accounts.User
}

// list shows all posts, or those that contain the search words.
func (a App) list(w http.ResponseWriter, r *http.Request) error {
	posts, words := a.live(), r.URL.Query().Get("q")
	if words != "" {
		posts = posts.Filter(orm.Or(Posts.Title.IContains(words), Posts.Body.IContains(words)))
	}
	return a.page(w, r, posts, listPage{Words: words})
}

// page shows one page of posts.
func (a App) page(w http.ResponseWriter, r *http.Request, posts orm.Query[Post], data listPage) (err error) {
	if data.Page, err = orm.Paginate(r.Context(), posts, web.Page(r), pageSize); err != nil {
		return err // no such page: 404
	}
	return web.Render(w, r, "blog/list.html", data)
}

// detail shows one post.
func (a App) detail(w http.ResponseWriter, r *http.Request) error {
	post, err := a.live().Filter(Posts.Slug.Eq(web.Param(r, "slug"))).Get(r.Context())
	if err != nil {
		return err // not found: 404
	}
	var sent commentForm
	if user := auth.User(r); user.IsAuthenticated() {
		sent.Name = user.Account().FullName()
	}
	return a.show(w, r, http.StatusOK, post, forms.New(&sent))
}

// detailPage is the data of blog/detail.html.
type detailPage struct {
	Post     *Post
	Comments []*Comment
	Form     *forms.Form
}

// show renders a post with its comments and the form.
func (a App) show(w http.ResponseWriter, r *http.Request, status int, post *Post, form *forms.Form) error {
	comments, err := orm.From(a.DB, Comments).Filter(Comments.Post().Eq(post), Comments.Hidden.Eq(false)).All(r.Context())
	if err != nil {
		return err
	}
	return web.RenderStatus(w, r, status, "blog/detail.html", detailPage{post, comments, form})
}

// comment saves a comment on a post.
func (a App) comment(w http.ResponseWriter, r *http.Request) error {
	post, err := a.live().Filter(Posts.Slug.Eq(web.Param(r, "slug"))).Get(r.Context())
	if err != nil {
		return err
	}
	var sent commentForm
	form := forms.New(&sent)
	if !form.Parse(r) {
		return a.show(w, r, http.StatusOK, post, form)
	}
	comment := &Comment{Post: post, Name: sent.Name, Body: sent.Body}
	if err := a.DB.Create(r.Context(), comment); err != nil {
		return err
	}
	messages.Success(r, "Thank you, your comment is below.")
	return web.Redirect(w, r, post.Route().Fragment(fmt.Sprintf("comment-%d", comment.ID)))
}

// tags shows the tags of public posts.
func (a App) tags(w http.ResponseWriter, r *http.Request) error {
	tags, err := a.usedTags().All(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, "blog/tags.html", struct{ Tags []*Tag }{tags})
}

// tag shows the posts of a tag.
func (a App) tag(w http.ResponseWriter, r *http.Request) error {
	tag, err := orm.From(a.DB, Tags).Filter(Tags.Slug.Eq(web.Param(r, "slug"))).Get(r.Context())
	if err != nil {
		return err
	}
	return a.page(w, r, a.live().Filter(Posts.Tags().Eq(tag)), listPage{Tag: tag})
}

// author shows the posts of an author.
func (a App) author(w http.ResponseWriter, r *http.Request) error {
	author, err := orm.From(a.DB, accounts.Users).Filter(accounts.Users.Username.Eq(web.Param(r, "username"))).Get(r.Context())
	if err != nil {
		return err
	}
	return a.page(w, r, a.live().Filter(Posts.Author().Eq(author)), listPage{Author: author})
}
