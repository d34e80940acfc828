package servers

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest"
	"github.com/quintetgo/quintet/orm/router"
)

func TestVisitsInADatabaseOfTheirOwn(t *testing.T) {
	t.Parallel()
	db := ormtest.OpenDatabases(t, []string{"logs"}, router.Map{"audit": {"logs"}}, shop{}, audit{})
	ann := &Customer{Name: "Ann"}
	if err := db.Create(t.Context(), ann); err != nil {
		t.Fatal(err)
	}
	if err := recordTwice(t.Context(), db, Visit{Path: "/", CustomerID: ann.ID}); err != nil {
		t.Fatal(err)
	}
	visits, err := visitsOf(t.Context(), db, "Ann")
	if err != nil || len(visits) != 2 || visits[1].Customer.Name != "Ann" {
		t.Errorf("got %v, %v", visits, err)
	}
	if n, err := orm.Objects[Visit](db).Using("logs").Count(t.Context()); n != 2 || err != nil {
		t.Errorf("%d visits, %v", n, err)
	}
	_, err = orm.Objects[Visit](db).Where("customer__name", "Ann").All(t.Context())
	if err == nil || !strings.Contains(err.Error(), "shop.Customer is in another database") {
		t.Errorf("got %v", err)
	}
}

func TestSeveralDatabasesFromSettings(t *testing.T) {
	t.Parallel()
	file := func(name string) string { return "sqlite:///" + filepath.ToSlash(filepath.Join(t.TempDir(), name)) }
	db, err := openSeveral(framework.Settings{
		DatabaseURL: file("main"), DatabaseURLs: map[string]string{"logs": file("logs"), "archive": file("archive")},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if n := len(db.Databases()); n != 3 {
		t.Errorf("%d databases", n)
	}
}
