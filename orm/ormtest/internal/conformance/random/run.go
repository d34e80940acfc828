package random

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
)

// quick is how many queries run without QUINTET_QUERIES in the environment; "make test-queries" runs 20,000.
const quick = 300

// setting returns a number of the environment.
func setting(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		t.Fatalf("%s=%s is no number", name, text)
	}
	return n
}

// maxFailures ends a run that finds the same fault again and again.
const maxFailures = 10

// Run fills an empty database with the models of [App] and compares random queries. The seed is QUINTET_SEED of the
// environment, or 1: the same seed makes the same rows and queries on every database.
func Run(t *testing.T, db *orm.DB) {
	t.Helper()
	seed := setting(t, "QUINTET_SEED", 1)
	g := generator{rand.New(rand.NewPCG(uint64(seed), 0))}
	w, err := fill(t.Context(), db, g.Rand)
	if err != nil {
		t.Fatal(err)
	}
	failures := 0
	for i := range setting(t, "QUINTET_QUERIES", quick) {
		if !compare(t, db, w, g.query()) {
			if failures++; failures == maxFailures {
				t.Fatalf("stopped after query %d with seed %d", i, seed)
			}
		}
	}
}

// query is a random query.
type query struct {
	model         string
	filters       [][]node // the conditions of one Filter each
	excludes      [][]node
	counted       string // a relation to many rows that is counted, "" for none
	least         int64  // and the least number of them
	descending    bool
	limit, offset int // 0 for none
}

func (g generator) query() query {
	q := query{model: models[g.IntN(len(models))], descending: g.IntN(2) == 0}
	conditions := func() (list []node) {
		for range 1 + g.IntN(3) {
			list = append(list, g.condition(q.model, 3))
		}
		return list
	}
	for range g.IntN(3) {
		q.filters = append(q.filters, conditions())
	}
	for range g.IntN(2) {
		q.excludes = append(q.excludes, conditions())
	}
	if g.IntN(4) == 0 {
		for _, r := range relations[q.model] {
			if r.many && g.IntN(2) == 0 {
				q.counted, q.least = r.name, int64(g.IntN(4))
			}
		}
	}
	if g.IntN(4) == 0 {
		q.limit, q.offset = 1+g.IntN(8), g.IntN(4)
	}
	return q
}

// String returns the query for messages.
func (q query) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s", q.model)
	for _, list := range q.filters {
		fmt.Fprintf(&b, ".Filter%v", list)
	}
	for _, list := range q.excludes {
		fmt.Fprintf(&b, ".Exclude%v", list)
	}
	if q.counted != "" {
		fmt.Fprintf(&b, ".Count(%s) >= %d", q.counted, q.least)
	}
	return fmt.Sprintf("%s descending=%t limit=%d offset=%d", b.String(), q.descending, q.limit, q.offset)
}

// dynamic returns the query as the ORM takes it.
func (q query) dynamic(db *orm.DB) dynamic.Query {
	conditions := func(nodes []node) []dynamic.Condition {
		list := make([]dynamic.Condition, len(nodes))
		for i, n := range nodes {
			list[i] = n.condition()
		}
		return list
	}
	d := dynamic.From(db, "random."+q.model)
	for _, list := range q.filters {
		d = d.Filter(conditions(list)...)
	}
	for _, list := range q.excludes {
		d = d.Exclude(conditions(list)...)
	}
	if q.counted != "" {
		d = d.Annotate("n", dynamic.Count(q.counted)).Filter(dynamic.Is("n__gte", q.least))
	}
	if q.descending {
		d = d.OrderBy("-rank", "-id")
	} else {
		d = d.OrderBy("rank", "id")
	}
	if q.limit > 0 {
		d = d.Limit(q.limit)
	}
	return d.Offset(q.offset)
}

// rows returns the keys of the rows that the query selects, in their order.
func (q query) rows(w world) []int64 {
	var found []*row
	for _, x := range w[q.model] {
		selected := q.counted == "" || int64(len(x.many[q.counted])) >= q.least
		for _, list := range q.filters {
			selected = selected && holds(node{operation: and, nodes: list}, x)
		}
		for _, list := range q.excludes {
			selected = selected && !holds(node{operation: and, nodes: list}, x)
		}
		if selected {
			found = append(found, x)
		}
	}
	slices.SortFunc(found, func(a, b *row) int {
		order := cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.id, b.id))
		if q.descending {
			return -order
		}
		return order
	})
	found = found[min(q.offset, len(found)):]
	if q.limit > 0 {
		found = found[:min(q.limit, len(found))]
	}
	keys := make([]int64, len(found))
	for i, x := range found {
		keys[i] = x.id
	}
	return keys
}

// compare runs a query and reports whether the rows and their number are right.
func compare(t *testing.T, db *orm.DB, w world, q query) bool {
	t.Helper()
	d, want := q.dynamic(db), q.rows(w)
	found, err := d.PKs(t.Context())
	got := make([]int64, len(found))
	for i, key := range found {
		got[i], _ = key.(int64)
	}
	var n int64
	if err == nil {
		n, err = d.Count(t.Context())
	}
	if err == nil && slices.Equal(got, want) && n == int64(len(want)) {
		return true
	}
	text, args, _ := d.SQL()
	t.Errorf("%s\ngot  %v, %d rows (%v)\nwant %v\n%s %v", q, got, n, err, want, text, args)
	return false
}
