package documents

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dialect"
)

// Run compares the lookups on a database with the tables of [App]: as filters and as exclusions, of the documents and of
// the folders that they are in.
func Run(t *testing.T, db *orm.DB) {
	t.Helper()
	x := &table{T: t, db: db}
	x.fill(stored())
	for i, test := range tests() {
		x.compare(test, i%toMany == 0)
	}
}

// toMany is how many lookups there are to one that is also compared on the other side of a relation.
const toMany = 7

// table is what the database holds. Folder 0 is empty; folder n has the documents n-1 and n.
type table struct {
	*testing.T
	db     *orm.DB
	values []any
}

func (x *table) fill(texts []string) {
	x.Helper()
	var documents []*Document
	for i := range len(texts) + 1 {
		folder := &Folder{No: int64(i)}
		if err := x.db.Create(x.Context(), folder); err != nil {
			x.Fatal(err)
		}
		for no := max(i-1, 0); no <= i && no < len(texts) && i > 0; no++ {
			d := &Document{No: int64(no), FolderID: folder.ID}
			if texts[no] != "" {
				raw := json.RawMessage(texts[no])
				d.Data = &raw
			}
			documents = append(documents, d)
		}
	}
	if err := x.db.CreateAll(x.Context(), documents); err != nil {
		x.Fatal(err)
	}
	for _, text := range texts {
		x.values = append(x.values, decode(text))
	}
}

// compare runs one lookup as a filter and as an exclusion, of the folders too if folder is set.
func (x *table) compare(test test, folder bool) {
	x.Helper()
	found := make([]bool, len(x.values))
	for i, v := range x.values {
		found[i] = test.holds(v)
	}
	var documents, others, folders, rest []int64
	for i := range len(x.values) + 1 {
		in := false
		for no := max(i-1, 0); no <= i && no < len(x.values) && i > 0; no++ {
			if found[no] {
				documents = append(documents, int64(no))
			} else {
				others = append(others, int64(no))
			}
			in = in || found[no]
		}
		if in {
			folders = append(folders, int64(i))
		} else {
			rest = append(rest, int64(i))
		}
	}
	path := strings.Join(append(append([]string{"data"}, test.keys...), test.lookup), "__")
	d, f := orm.Objects[Document](x.db), orm.Objects[Folder](x.db)
	rows(x, "filter", test, d.Where(path, test.value), func(d *Document) int64 { return d.No }, documents)
	rows(x, "exclude", test, d.WhereNot(path, test.value), func(d *Document) int64 { return d.No }, others)
	if !folder {
		return
	}
	rows(x, "filter to many", test, f.Where("documents__"+path, test.value), func(f *Folder) int64 { return f.No }, folders)
	rows(x, "exclude to many", test, f.WhereNot("documents__"+path, test.value), func(f *Folder) int64 { return f.No }, rest)
}

func rows[T any](x *table, form string, test test, q orm.Query[T], number func(*T) int64, want []int64) {
	x.Helper()
	what := fmt.Sprintf("%s %q %s=%.80s (%T)", form, test.keys, test.lookup, fmt.Sprint(test.value), test.value)
	all, err := q.All(x.Context())
	_, unsupported := errors.AsType[*dialect.UnsupportedError](err)
	if unsupported && strings.Contains(fmt.Sprint(test.keys, test.value), "-1") {
		return // the database has no path to such a key, and reports it
	}
	if err != nil {
		x.Errorf("%s: %v", what, err)
		return
	}
	got := make([]int64, len(all))
	for i, v := range all {
		got[i] = number(v)
	}
	slices.Sort(got)
	slices.Sort(want)
	if slices.Equal(got, want) {
		return
	}
	text, args, _ := q.SQL()
	x.Errorf("%s:\n%s\n%s %.200q", what, difference(got, want), text, fmt.Sprint(args))
}

// difference lists what is only in one of two sorted lists.
func difference(got, want []int64) string {
	texts := stored()
	var b strings.Builder
	list := func(title string, a, b2 []int64) {
		b.WriteString(title)
		for _, no := range slices.Compact(slices.Clone(a)) {
			if !slices.Contains(b2, no) && int(no) < len(texts) {
				fmt.Fprintf(&b, " %d:%s", no, texts[no])
			}
		}
	}
	list("found as well:", got, want)
	list(" not found:", want, got)
	return b.String()
}
