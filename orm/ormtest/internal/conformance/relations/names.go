package relations

import (
	"fmt"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
)

// testRelatedQuery checks that both names of a reverse relation select the same rows, everywhere where one can be used.
func testRelatedQuery(t *testing.T, db *orm.DB) {
	small, large := &Hall{Name: "small", Open: true}, &Hall{Name: "large", Open: true}
	create(t, db, small, large)
	create(t, db, &Show{Title: "one", HallID: small.ID}, &Show{Title: "two", HallID: large.ID}, &Show{Title: "three", HallID: large.ID})
	halls := dynamic.From(db, "stage.Hall").Where("name__in", []string{"small", "large"})
	for _, name := range []string{"show", "shows"} {
		for label, test := range map[string]struct {
			query dynamic.Query
			want  string
		}{
			"lookup":    {halls.Where(name+"__title", "two"), "[large]"},
			"exclusion": {halls.WhereNot(name+"__title", "two"), "[small]"},
			"existence": {halls.Where(name+"__isnull", false).OrderBy("name"), "[large small]"},
			"aggregate": {halls.Annotate("n", dynamic.Count(name)).Where("n", 2), "[large]"},
			"filtered relation": {
				halls.FilteredRelation("first", name, dynamic.Is(name+"__title", "one")).Where("first__isnull", false), "[small]",
			},
		} {
			objects, err := test.query.All(t.Context())
			if err != nil {
				t.Errorf("%s of %s: %v", label, name, err)
				continue
			}
			names := make([]string, len(objects))
			for i, obj := range objects {
				names[i] = obj.(*Hall).Name
			}
			if got := fmt.Sprint(names); got != test.want {
				t.Errorf("%s of %s: got %s, want %s", label, name, got, test.want)
			}
		}
		if ids, err := db.Related(large, name).IDs(t.Context()); err != nil || len(ids) != 2 {
			t.Errorf("Related of %s: %v, %v", name, ids, err)
		}
	}
}
