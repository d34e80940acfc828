// Package relations holds the part of the conformance suite about relations and the constraints of models; see package
// conformance.
package relations

import (
	"context"
	"strconv"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
)

// App has the models of the tests.
type App struct{}

// Name returns "stage".
func (App) Name() string { return "stage" }

// Models lists the models.
func (App) Models() []any { return []any{&Hall{}, &Artist{}, &Show{}, &Draft{}, &Copy{}} }

// Hall is what shows refer to.
type Hall struct {
	ID   int64
	Name string `gorm:"size:40"`
	Open bool
}

// Artist is what shows refer to by a many-to-many relation.
type Artist struct {
	ID   int64
	Name string `gorm:"size:40"`
}

// Show is in an open hall.
type Show struct {
	ID      int64
	Title   string `gorm:"size:40"`
	HallID  int64
	Hall    *Hall
	HostID  *int64
	Host    *Artist
	Artists []Artist `gorm:"many2many:stage_show_artists"`
}

// Fields implements orm's Fielder.
func (s *Show) Fields(f *orm.Fields) {
	orm.FK(f, &s.Hall).OnDelete(orm.Cascade).Related("shows").RelatedQuery("show").LimitChoicesTo(dynamic.Is("open", true))
	orm.FK(f, &s.Host).OnDelete(orm.SetNull).Related("hosted").LimitChoicesTo(dynamic.ConditionFunc(hosts))
	orm.M2M(f, &s.Artists).Related("shows").LimitChoicesTo(orm.Lookup[Artist]("name__startswith", "A"))
}

type letterKey struct{}

// hosts permits artists with the letter in the context, and all without one.
func hosts(ctx context.Context) (orm.Condition, error) {
	letter, _ := ctx.Value(letterKey{}).(string)
	return dynamic.Is("name__startswith", letter), nil
}

// Run runs the tests on a database with the tables of [App].
func Run(t *testing.T, db *orm.DB) {
	t.Helper()
	for _, test := range []struct {
		name string
		run  func(t *testing.T, db *orm.DB)
	}{
		{"limited choices", testLimitedChoices},
		{"names of reverse relations", testRelatedQuery},
		{"rows created from a query", testCreateFrom},
		{"updates that return rows", testUpdateReturning},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, db) })
	}
}

func create(t *testing.T, db *orm.DB, objs ...any) {
	t.Helper()
	for _, obj := range objs {
		if err := db.Create(t.Context(), obj); err != nil {
			t.Fatal(err)
		}
	}
}

func text(key int64) string { return strconv.FormatInt(key, 10) }
