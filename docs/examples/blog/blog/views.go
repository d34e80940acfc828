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

// live selects the posts that everybody may read, with what lists show of them.
func (a App) live() orm.Query[Post] {
	return a.public().SelectRelated(Posts.Author()).Prefetch(Posts.Tags())
}

// list shows all posts, or those that hold what was searched for.
func (a App) list(w http.ResponseWriter, r *http.Request) error {
	posts, words := a.live(), r.URL.Query().Get("q")
	if words != "" {
		posts = posts.Filter(orm.Or(Posts.Title.IContains(words), Posts.Body.IContains(words)))
	}
	return a.page(w, r, posts, web.Data{"words": words})
}

// page shows one page of posts.
func (a App) page(w http.ResponseWriter, r *http.Request, posts orm.Query[Post], data web.Data) error {
	number, err := web.Page(r)
	if err != nil {
		return err // not a number from 1: 404
	}
	page, err := orm.Paginate(r.Context(), posts, number, pageSize)
	if err != nil {
		return err
	}
	data["page"] = page
	return web.Render(w, r, "blog/list.html", data)
}

// detail shows one post.
func (a App) detail(w http.ResponseWriter, r *http.Request) error {
	post, err := a.live().Filter(Posts.Slug.Eq(web.Param(r, "slug"))).Get(r.Context())
	if err != nil {
		return err // not found answers 404
	}
	var sent commentForm
	if user := auth.User(r); user.IsAuthenticated() {
		sent.Name = user.Account().FullName()
	}
	return a.show(w, r, http.StatusOK, post, forms.New(&sent))
}

func (a App) show(w http.ResponseWriter, r *http.Request, status int, post *Post, form *forms.Form) error {
	q := Comments
	comments, err := orm.From(a.DB, q).Filter(q.Post().Eq(post), q.Hidden.Eq(false)).All(r.Context())
	if err != nil {
		return err
	}
	return web.RenderStatus(w, r, status, "blog/detail.html", web.Data{"post": post, "comments": comments, "form": form})
}

// comment takes a comment on a post.
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

// tags shows what posts are about.
func (a App) tags(w http.ResponseWriter, r *http.Request) error {
	tags, err := a.usedTags().All(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, "blog/tags.html", web.Data{"tags": tags})
}

// tag shows the posts of a tag.
func (a App) tag(w http.ResponseWriter, r *http.Request) error {
	tag, err := orm.From(a.DB, Tags).Filter(Tags.Slug.Eq(web.Param(r, "slug"))).Get(r.Context())
	if err != nil {
		return err
	}
	return a.page(w, r, a.live().Filter(Posts.Tags().Eq(tag)), web.Data{"tag": tag})
}

// author shows the posts of an author.
func (a App) author(w http.ResponseWriter, r *http.Request) error {
	author, err := orm.From(a.DB, accounts.Users).Filter(accounts.Users.Username.Eq(web.Param(r, "username"))).Get(r.Context())
	if err != nil {
		return err
	}
	return a.page(w, r, a.live().Filter(Posts.Author().Eq(author)), web.Data{"author": author})
}
