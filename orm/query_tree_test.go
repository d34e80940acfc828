package orm_test

import (
	"slices"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/internal/fixture"
	"github.com/quintetgo/quintet/orm/internal/fixture/people"
)

func TestConditionTrees(t *testing.T) {
	t.Parallel()
	db := library(t)
	q := fixture.Posts
	c := q.Comments()
	type query = orm.Query[fixture.Post]
	tests := []struct {
		name  string
		query func(query) query
		want  []int64
	}{
		{"nothing", func(b query) query { return b.Filter() }, []int64{1, 2, 3, 4}},
		{"two conditions", func(b query) query { return b.Filter(q.Published.Eq(true), q.Views.Gt(5)) }, []int64{1, 4}},
		{"or", func(b query) query { return b.Filter(q.Title.Eq("Åland").Or(q.Views.Eq(0))) }, []int64{1, 3}},
		{"or of nothing", func(b query) query { return b.Filter(orm.Or()) }, nil},
		{"not", func(b query) query { return b.Filter(q.Published.Eq(true).Not()) }, []int64{3}},
		{"not with NULL", func(b query) query { return b.Filter(q.Score.Gt(1).Not()) }, []int64{2, 3, 4}},
		{"exclude with NULL", func(b query) query { return b.Exclude(q.Score.Gt(1)) }, []int64{2, 3, 4}},
		{"exclude two", func(b query) query { return b.Exclude(q.Published.Eq(true), q.Views.Gt(5)) }, []int64{2, 3}},
		{"exclude of nothing", func(b query) query { return b.Exclude() }, []int64{1, 2, 3, 4}},
		{"ne", func(b query) query { return b.Filter(q.Score.Ne(4.5)) }, []int64{2, 3, 4}},
		{"not in", func(b query) query { return b.Filter(q.Title.NotIn("Åland", "aland")) }, []int64{2, 3}},
		{"not in nothing", func(b query) query { return b.Filter(q.Title.NotIn()) }, []int64{1, 2, 3, 4}},
		{"ne of a relation", func(b query) query { return b.Filter(q.Editor().Ne(1)) }, []int64{1, 2, 3}},
		{"ne behind an empty relation", func(b query) query { return b.Filter(q.Editor().Name.Ne("Åsa")) }, []int64{1, 2, 3}},
		{"not behind an empty relation", func(b query) query { return b.Exclude(q.Editor().Name.Eq("Åsa")) }, []int64{1, 2, 3}},
		{"one call, one comment", func(b query) query { return b.Filter(c.Text.Eq("spam"), c.Approved.Eq(true)) }, []int64{2}},
		{"two calls, two comments", func(b query) query { return b.Filter(c.Text.Eq("spam")).Filter(c.Approved.Eq(true)) }, []int64{1, 2}},
		{"one comment through And", func(b query) query { return b.Filter(c.Text.Eq("spam").And(c.Approved.Eq(true))) }, []int64{2}},
		{"ne shares the comment", func(b query) query { return b.Filter(c.Text.Ne("nice"), c.Approved.Eq(false)) }, []int64{1}},
		{"not does not share", func(b query) query { return b.Filter(c.Approved.Eq(true), c.Text.Eq("spam").Not()) }, nil},
		{"exclude to-many", func(b query) query { return b.Exclude(c.Text.Eq("spam")) }, []int64{3, 4}},
		{"exclude one comment with both", func(b query) query { return b.Exclude(c.Text.Eq("spam"), c.Approved.Eq(true)) }, []int64{1, 3, 4}},
		{"or of to-many and plain", func(b query) query { return b.Filter(c.Text.Eq("spam").Or(q.Views.Eq(0))) }, []int64{1, 2, 3}},
		{
			"or beside a condition on the same comment",
			func(b query) query { return b.Filter(c.Text.Eq("spam").Or(q.Views.Eq(100)), c.Approved.Eq(false)) },
			[]int64{1, 4},
		},
		{
			"two ors that need no comment",
			func(b query) query {
				return b.Filter(c.Text.Eq("gone").Or(q.Views.Eq(0)), c.Text.Eq("gone").Or(q.Likes.Eq(7)))
			},
			[]int64{3},
		},
		{"two relations", func(b query) query { return b.Filter(c.Text.Eq("nice"), q.Tags().Name.Eq("web")) }, []int64{4}},
		{"two tags in one call", func(b query) query { return b.Filter(q.Tags().Name.Eq("go"), q.Tags().Name.Eq("orm")) }, nil},
		{"two tags in two calls", func(b query) query { return b.Filter(q.Tags().Name.Eq("go")).Filter(q.Tags().Name.Eq("orm")) }, []int64{1}},
		{"name and slug of one tag", func(b query) query { return b.Filter(q.Tags().Name.Eq("go"), q.Tags().Slug.Eq("go")) }, []int64{1, 4}},
		{"nested to-many shares both rows", func(b query) query {
			p := fixture.PostsOf(q.Author())
			return b.Filter(p.Title.Eq("aland"), p.Comments().Text.Eq("nice"))
		}, []int64{1, 4}},
		{"nested to-many of another post", func(b query) query {
			p := fixture.PostsOf(q.Author())
			return b.Filter(p.Title.Eq("aland"), p.Comments().Text.Eq("spam"))
		}, nil},
		{"fields compared", func(b query) query { return b.Filter(q.Views.GtExpr(q.ID.Expr().Mul(5))) }, []int64{1, 4}},
		{"fields of one comment compared", func(b query) query { return b.Filter(c.Ups.LtExpr(c.Downs.Expr())) }, []int64{1}},
		{"comment and post compared", func(b query) query { return b.Filter(c.Downs.GtExpr(q.ID.Expr().Add(2))) }, []int64{1}},
		{"field of a relation compared", func(b query) query { return b.Filter(q.AuthorID.EqExpr(q.Editor().ID.Expr())) }, []int64{4}},
		{"reverse one to one", func(b query) query { return b.Filter(q.Cover().File.EndsWith(".png")) }, []int64{1}},
		{"no reverse one to one", func(b query) query { return b.Filter(q.Cover().IsNull(true)) }, []int64{2, 3, 4}},
		{"relation by object", func(b query) query { return b.Filter(q.Author().Eq(&people.Author{ID: 3})) }, []int64{3}},
		{"relations by object", func(b query) query { return b.Filter(q.Tags().In(&fixture.Tag{ID: 3}, 2)) }, []int64{1, 2, 4}},
		{"in a query", func(b query) query {
			nordic := orm.From(db, people.Authors).Filter(people.Authors.Company().Country.Eq("fi"))
			return b.Filter(q.Author().InQuery(nordic))
		}, []int64{1, 4}},
		{"exists with an outer column", func(b query) query {
			comments := orm.From(db, fixture.Comments).Filter(fixture.Comments.PostID.EqOuter(q.ID), fixture.Comments.Ups.Gt(1))
			return b.Filter(orm.Exists(comments))
		}, []int64{1, 4}},
		{"not exists", func(b query) query {
			comments := orm.From(db, fixture.Comments).Filter(fixture.Comments.PostID.EqOuter(q.ID))
			return b.Exclude(orm.Exists(comments))
		}, []int64{3}},
		{"parts of times", func(b query) query { return b.Filter(q.CreatedAt.Year().Eq(2026), q.CreatedAt.Month().Gt(2)) }, []int64{3, 4}},
		{"annotation", func(b query) query { return b.Annotate("n", c.Count()).Where("n__gte", 1).Where("n__lt", 2) }, []int64{2, 4}},
		{"annotation with a condition", func(b query) query { return b.Annotate("n", c.CountIf(c.Approved.Eq(true))).Where("n", 1) }, []int64{1, 2}},
		{"annotation expression", func(b query) query { return b.Annotate("sum", q.Views.Add(1)).Where("sum__in", []int{1, 6}) }, []int64{2, 3}},
		{"two aggregates do not multiply", func(b query) query {
			return b.Annotate("tagged", q.Tags().Count()).Annotate("said", c.Count()).Where("tagged", 2).Where("said", 2)
		}, []int64{1}},
		{"string conditions in between", func(b query) query { return b.Filter(orm.Lookup[fixture.Post]("views__gt", 5), q.Published.Eq(true)) }, []int64{1, 4}},
		{"limit of zero", func(b query) query { return b.Limit(0) }, nil},
		{"another limit", func(b query) query { return b.Limit(0).Limit(5) }, []int64{1, 2, 3, 4}},
		{"in a query that has a limit", func(b query) query {
			latest := orm.From(db, fixture.Comments).OrderBy(fixture.Comments.ID.Desc()).Limit(2)
			return b.Filter(q.Comments().InQuery(latest))
		}, []int64{2, 4}},
		{"in one value of a query", func(b query) query {
			titles := orm.From(db, q).Filter(q.Views.Gt(5)).GroupBy(q.Title)
			return b.Filter(q.Title.InQuery(titles))
		}, []int64{1, 4}},
		{"equal to the one value of a query", func(b query) query {
			return b.Where("author", orm.From(db, people.Authors).Filter(people.Authors.Name.Eq("Béla")))
		}, []int64{2}},
		{"none", func(b query) query { return b.None() }, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			built := tt.query(orm.From(db, q))
			if got := keys(t, built.Dynamic()); !slices.Equal(got, tt.want) && len(got)+len(tt.want) > 0 {
				text, args, _ := built.SQL()
				t.Errorf("got %v, want %v\n%s\n%v", got, tt.want, text, args)
			}
			n, err := built.Count(t.Context())
			if err != nil || int(n) != len(tt.want) {
				t.Errorf("Count = %d, %v; want %d", n, err, len(tt.want))
			}
			exists, err := built.Exists(t.Context())
			if err != nil || exists != (len(tt.want) > 0) {
				t.Errorf("Exists = %v, %v", exists, err)
			}
		})
	}
}

func TestQueriesAreValues(t *testing.T) {
	t.Parallel()
	db := library(t)
	q := fixture.Posts
	base := orm.From(db, q).Filter(q.Published.Eq(true)).OrderBy(q.ID.Asc())
	first := base.Filter(q.ID.Eq(1))
	second := base.Filter(q.ID.Eq(2))
	for name, tt := range map[string]struct {
		query orm.Query[fixture.Post]
		want  []int64
	}{"base": {base, []int64{1, 2, 4}}, "first": {first, []int64{1}}, "second": {second, []int64{2}}} {
		if got := keys(t, tt.query.Dynamic()); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %v, want %v", name, got, tt.want)
		}
	}
}

func TestOrders(t *testing.T) {
	t.Parallel()
	db := library(t)
	tests := []struct {
		names []string
		want  []int64
	}{
		{[]string{"id"}, []int64{1, 2, 3, 4}},
		{[]string{"-id"}, []int64{4, 3, 2, 1}},
		{[]string{"-pk"}, []int64{4, 3, 2, 1}},
		{[]string{"level", "-id"}, []int64{1, 2, 4, 3}},
		{[]string{"-views"}, []int64{4, 1, 2, 3}},
		{[]string{"author__name", "id"}, []int64{2, 1, 4, 3}},
		{[]string{"author", "id"}, []int64{2, 1, 4, 3}}, // by the author's own order, the name
		{[]string{"-author", "id"}, []int64{3, 1, 4, 2}},
		{[]string{"author_id", "-id"}, []int64{4, 1, 2, 3}},
		{[]string{"author__company__name", "id"}, []int64{3, 1, 4, 2}}, // none comes first
		{[]string{"-comments__ups", "id"}, []int64{4, 1, 2, 3}},        // by the most ups, no row twice
		{[]string{"created_at__month", "-id"}, []int64{2, 4, 3, 1}},
		{[]string{"cover__file", "-id"}, []int64{4, 3, 2, 1}},
	}
	for _, tt := range tests {
		q := dynamic.From(db, "shelf.post").OrderBy(tt.names...)
		var got []int64
		for obj, err := range q.Iter(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, obj.(*fixture.Post).ID)
		}
		if !slices.Equal(got, tt.want) {
			text, _, _ := q.SQL()
			t.Errorf("%q: got %v, want %v\n%s", tt.names, got, tt.want, text)
		}
	}
}

func TestFirstLastReverse(t *testing.T) {
	t.Parallel()
	db := library(t)
	q := orm.From(db, fixture.Posts)
	id := func(p *fixture.Post, err error) int64 {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return p.ID
	}
	for name, tt := range map[string]struct{ got, want int64 }{
		"first without order": {id(q.First(t.Context())), 1},
		"last without order":  {id(q.Last(t.Context())), 4},
		"first by views":      {id(q.OrderBy(fixture.Posts.Views.Asc()).First(t.Context())), 3},
		"last by views":       {id(q.OrderBy(fixture.Posts.Views.Asc()).Last(t.Context())), 4},
		"reversed":            {id(q.OrderByNames("views").Reverse().First(t.Context())), 4},
		"offset":              {id(q.OrderByNames("id").Offset(2).First(t.Context())), 3},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got %d, want %d", name, tt.got, tt.want)
		}
	}
	tags, err := orm.From(db, fixture.Tags).All(t.Context())
	if err != nil || len(tags) != 3 || tags[0].Name != "go" || tags[2].Name != "web" {
		t.Errorf("the model's own order: %v, %v", tags, err)
	}
}
