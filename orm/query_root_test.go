package orm_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/internal/fixture"
	"github.com/quintetgo/quintet/orm/internal/fixture/people"
)

// TestColumnsOfAnotherModel uses columns of the wrong model in every method of a query that takes some. The types cannot
// know, so the query reports both models when it runs, or when its SQL is asked for, before a statement is sent.
func TestColumnsOfAnotherModel(t *testing.T) {
	t.Parallel()
	db := library(t)
	posts, comment := orm.From(db, fixture.Posts), fixture.Comments
	tests := map[string]orm.Query[fixture.Post]{
		"Filter":               posts.Filter(comment.Text.Eq("x")),
		"Filter of a relation": posts.Filter(comment.Author().Eq(1)),
		"through a relation":   posts.Filter(comment.Post().Title.Eq("x")),
		"Exclude":              posts.Exclude(comment.Text.Eq("x")),
		"inside Or":            posts.Filter(orm.Or(fixture.Posts.Views.Eq(0), orm.Not(comment.Text.Eq("x")))),
		"Lookup":               posts.Filter(orm.Lookup[fixture.Comment]("id", 1)),
		"an expression":        posts.Filter(fixture.Posts.ID.EqExpr(comment.ID.Expr())),
		"inside an expression": posts.Filter(fixture.Posts.ID.EqExpr(comment.ID.Add(1))),
		"OrderBy":              posts.OrderBy(comment.Text.Asc()),
		"SelectRelated":        posts.SelectRelated(comment.Author()),
		"Prefetch":             posts.Prefetch(fixture.Tags.Posts()),
		"PrefetchQuery":        posts.PrefetchQuery(fixture.Tags.Posts(), posts),
		"Annotate":             posts.Annotate("n", fixture.Tags.Posts().Count()),
		"CountIf":              posts.Annotate("n", fixture.Posts.Comments().CountIf(comment.Approved.Eq(true))),
		"GroupBy":              posts.GroupBy(comment.Text).Annotate("n", fixture.Posts.ID.Count()),
		"the outer query":      posts.Filter(orm.Exists(orm.From(db, comment).Filter(comment.PostID.EqOuter(people.Authors.ID)))),
	}
	for name, q := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := q.All(t.Context())
			if err == nil || !strings.Contains(err.Error(), "takes the columns of") || !strings.Contains(err.Error(), "fixture.Post") {
				t.Errorf("All: %v", err)
			}
			if status, ok := errors.AsType[interface {
				error
				HTTPStatus() int
			}](err); ok && status.HTTPStatus() < http.StatusInternalServerError {
				t.Errorf("the mistake of a developer has status %d", status.HTTPStatus())
			}
		})
	}
	if _, err := posts.Update(t.Context(), comment.Text.Set("x")); err == nil {
		t.Error("Update accepted the column of another model")
	}
	if _, err := orm.Aggregate(t.Context(), posts, comment.ID.Max()); err == nil {
		t.Error("Aggregate accepted the column of another model")
	}
}
