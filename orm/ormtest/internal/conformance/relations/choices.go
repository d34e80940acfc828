package relations

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/modelforms"
)

// testLimitedChoices checks that LimitChoicesTo holds in Validate and in forms, for the context of the call, and that a row may
// keep what it refers to.
func testLimitedChoices(t *testing.T, db *orm.DB) {
	open, closed := &Hall{Name: "Open", Open: true}, &Hall{Name: "Closed"}
	anna, bert := &Artist{Name: "Anna"}, &Artist{Name: "Bert"}
	create(t, db, open, closed, anna, bert)
	old := &Show{Title: "old", HallID: closed.ID, HostID: &bert.ID}
	create(t, db, old)
	onlyA := context.WithValue(t.Context(), letterKey{}, "A")
	for name, test := range map[string]struct {
		ctx  context.Context
		show *Show
		want []string
	}{
		"permitted":      {onlyA, &Show{Title: "x", HallID: open.ID, HostID: &anna.ID}, nil},
		"excluded":       {onlyA, &Show{Title: "x", HallID: closed.ID, HostID: &bert.ID}, []string{"hall", "host"}},
		"other context":  {t.Context(), &Show{Title: "x", HallID: open.ID, HostID: &bert.ID}, nil},
		"kept":           {onlyA, old, nil},
		"changed":        {onlyA, &Show{ID: old.ID, Title: "x", HallID: open.ID, HostID: &anna.ID}, nil},
		"without a host": {onlyA, &Show{Title: "x", HallID: open.ID}, nil},
		"no such hall":   {onlyA, &Show{Title: "", HallID: 12345}, []string{"hall", "title"}},
	} {
		err := db.Validate(test.ctx, test.show)
		var got []string
		if invalid, ok := errors.AsType[*orm.ValidationError](err); ok {
			got = slices.Sorted(maps.Keys(invalid.Fields))
		} else if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want problems of %v", name, err, test.want)
		}
	}
	for _, keys := range []bool{false, true} {
		form, err := modelforms.NewWithOptions(onlyA, db, &Show{}, modelforms.Options{KeyInput: func(*orm.Field) bool { return keys }})
		if err != nil {
			t.Fatal(err)
		}
		values := map[string][]string{
			"title": {"x"}, "hall": {text(closed.ID)}, "host": {text(bert.ID)}, "artists": {text(anna.ID)},
		}
		if form.ParseValues(values) || form.Errors()["hall"] == nil || form.Errors()["host"] == nil || form.Errors()["artists"] != nil {
			t.Errorf("with inputs for keys %v: the errors are %v", keys, form.Errors())
		}
	}
	closed.Open = true
	if err := db.Save(t.Context(), closed); err != nil {
		t.Fatal(err)
	}
	if err := db.Validate(onlyA, &Show{Title: "x", HallID: closed.ID}); err != nil {
		t.Errorf("a hall that has opened: %v", err)
	}
}
