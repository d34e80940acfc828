package orm_test

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/internal/fixture"
)

// randomQueries builds queries of few shapes and many values.
type randomQueries struct{ *rand.Rand }

func pick[T any](r randomQueries, list ...T) T { return list[r.IntN(len(list))] }

// value returns a value of a kind that the lookup may take or not, often one that changes the text of the statement.
func (r randomQueries) value() any {
	switch r.IntN(16) {
	case 0:
		return pick[any](r, nil, (*int64)(nil), new(int64), new(string))
	case 1:
		return r.IntN(2) == 0
	case 2:
		return pick[any](r, int64(math.MaxInt64), int64(math.MinInt64), 1<<40, int64(-70000), uint64(math.MaxUint64))
	case 3:
		return pick[any](r, 1.5, math.NaN(), math.Inf(1), 1e300, float32(2))
	case 4:
		return time.Date(2020+r.IntN(9), 1, 1+r.IntN(28), 0, 0, 0, r.IntN(2000), time.UTC)
	case 5:
		return pick[any](r, "", "7", "draft", "2026-01-02", "x\x00y", "\xff", "1e400", "1,2,3", "true")
	case 6:
		return pick[any](r, fixture.Draft, fixture.Level(r.IntN(9)), fixture.Level(-1))
	case 7:
		return pick[any](r, []int64{}, []int64{1}, []int64{1, 2}, []int64{3, 4, 5}, []int64{math.MaxInt64, 2})
	case 8:
		return pick[any](r, []any{1, nil}, []any{"2", 3}, []any{}, []any{(*int64)(nil), 1}, []any{dynamic.F("views")})
	case 9:
		return pick[any](r, []string{"a"}, []string{"a", "b"}, []string{"1", "2"}, []fixture.Status{fixture.Live})
	case 10:
		list := make([]int64, r.IntN(300))
		for i := range list {
			list[i] = int64(r.IntN(100))
		}
		return list
	case 11:
		return pick[any](r, dynamic.F("views"), []byte("x"), struct{}{}, map[string]any{"a": 1})
	case 12:
		return "text " + string(rune('a'+r.IntN(26)))
	}
	return pick[any](r, r.IntN(100), int64(r.IntN(100)), int32(r.IntN(100)))
}

var randomPaths = []string{
	"id", "title", "status", "level", "views", "score", "published", "created_at", "day", "seen_at", "extra", "extra__a", "author",
	"author__name", "editor", "editor__name", "tags__name", "comments__ups", "comments__author__name", "category__parent__name",
	"created_at__year", "seen_at__date", "cover__file", "nothing",
}

var randomLookups = []string{
	"", "", "", "__exact", "__gt", "__lte", "__in", "__range", "__isnull", "__icontains", "__startswith", "__iexact", "__regex", "__contains", "__nope",
}

func (r randomQueries) condition(depth int) dynamic.Condition {
	if depth > 0 && r.IntN(3) == 0 {
		conds := make([]dynamic.Condition, r.IntN(3))
		for i := range conds {
			conds[i] = r.condition(depth - 1)
		}
		return pick(r, dynamic.And, dynamic.Or, dynamic.Not)(conds...)
	}
	c := dynamic.Is(pick(r, randomPaths...)+pick(r, randomLookups...), r.value())
	if r.IntN(6) == 0 {
		node := c.Compiled()
		node.Root = reflect.TypeFor[fixture.Post]()
		return dynamic.NewCondition(node)
	}
	return c
}

func (r randomQueries) query(q dynamic.Query) dynamic.Query {
	for range r.IntN(3) {
		q = pick(r, q.Filter, q.Exclude)(r.condition(2))
	}
	if r.IntN(3) == 0 {
		q = q.OrderBy(pick(r, "id", "-views", "author__name", "?", "nothing"))
	}
	if r.IntN(3) == 0 {
		q = q.Limit(pick(r, 1, 2, 20))
	}
	if r.IntN(4) == 0 {
		q = q.Offset(r.IntN(3))
	}
	switch r.IntN(12) {
	case 0:
		q = q.SelectRelated(pick(r, "author", "editor__company", "nothing"))
	case 1:
		q = q.Distinct()
	case 2:
		q = q.Annotate("more", dynamic.F("views").Add(r.IntN(3)))
	case 3:
		q = q.GroupBy("status")
	case 4:
		q = q.None()
	case 5:
		q = q.Only(pick(r, "title", "views", "nothing"))
	case 6:
		q = q.Defer(pick(r, "body", "views"))
	case 7:
		q = q.DistinctOn(pick(r, "title", "views"))
	case 8:
		q = q.ForUpdate()
	}
	return q
}

// A statement that is used again for other values is the one that would be compiled for them.
func TestPlansAreWhatCompilingReturns(t *testing.T) {
	t.Parallel()
	db := library(t)
	r := randomQueries{rand.New(rand.NewPCG(1, 2))}
	d := db.Dialect()
	posts := dynamic.From(db, "shelf.post")
	type kind struct {
		compile  func(q *compile.Query, sets []compile.Set) (compile.Statement, error)
		assigned bool
	}
	kinds := map[byte]kind{
		'o': {compile: func(q *compile.Query, _ []compile.Set) (compile.Statement, error) {
			rows, err := compile.Select(d, q)
			if err != nil {
				return compile.Statement{}, err
			}
			return rows.Statement, nil
		}},
		'c': {compile: func(q *compile.Query, _ []compile.Set) (compile.Statement, error) { return compile.Count(d, q) }},
		'a': {compile: func(q *compile.Query, _ []compile.Set) (compile.Statement, error) { return compile.Any(d, q) }},
		'u': {assigned: true, compile: func(q *compile.Query, sets []compile.Set) (compile.Statement, error) {
			return compile.Update(d, q, sets)
		}},
	}
	known := map[string]compile.Statement{}
	var shape compile.Shape
	reused := map[byte]int{}
	for range 40_000 {
		q := r.query(posts).Compiled().Select
		if q.Err != nil {
			continue
		}
		sets := []compile.Set{{Name: pick(r, "title", "views", "level", "score", "published", "seen_at", "extra", "author", "editor"), Value: r.value()}}
		name := pick(r, 'o', 'c', 'a', 'u', 'u', 'u')
		k := kinds[byte(name)]
		shape.Begin(byte(name))
		if !shape.AddQuery(q) || k.assigned && !shape.AddSets(q.Model, sets) {
			continue
		}
		want, wantErr := k.compile(q, sets)
		plan, found := known[string(shape.Key())]
		if !found {
			numbered, numberedSets := q.NumberedSets(sets)
			s, err := k.compile(numbered, numberedSets)
			if (err == nil) != (wantErr == nil) || err == nil && (s.SQL != want.SQL || !sameArgs(s.Args, want.Args)) {
				t.Fatalf("numbered: got %s %v %v\nwant %s %v %v", s.SQL, s.Args, err, want.SQL, want.Args, wantErr)
			}
			if err == nil && s.Reusable {
				known[string(shape.Key())] = s
			}
			continue
		}
		args, ok := plan.Rebind(&shape)
		if !ok {
			continue
		}
		reused[byte(name)]++
		if wantErr != nil || plan.SQL != want.SQL || !sameArgs(args, want.Args) {
			t.Fatalf("got  %s %v\nwant %s %v %v", plan.SQL, args, want.SQL, want.Args, wantErr)
		}
	}
	for name := range kinds {
		if reused[name] < 200 {
			t.Errorf("only %d statements of the kind %c were used again: the test compares too little", reused[name], name)
		}
	}
}

func sameArgs(a, b []any) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !reflect.DeepEqual(a[i], b[i]) {
			return false
		}
	}
	return true
}
