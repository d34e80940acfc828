package conformance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/tenant"
	"gorm.io/gorm"
)

// scopesApp has models with default scopes of every kind.
type scopesApp struct{}

func (scopesApp) Name() string { return "scopes" }
func (scopesApp) Models() []any {
	return []any{&Cabinet{}, &Volume{}, &Leaf{}, &Seal{}, &Subject{}, &Account{}, &Invoice{}}
}

type (
	// Cabinet is marked as deleted.
	Cabinet struct {
		ID   int64
		Name string `gorm:"size:40;unique"`
		orm.SoftDelete
		Volumes []Volume
	}
	// Volume is marked together with its shelf, and has a scope of its own.
	Volume struct {
		ID        int64
		Name      string `gorm:"size:40"`
		Secret    bool
		CabinetID int64
		Cabinet   *Cabinet
		Subjects  []Subject `gorm:"many2many:scopes_volume_subject"`
		Leaves    []Leaf
		DeletedAt gorm.DeletedAt
	}
	// Leaf has no mark.
	Leaf struct {
		ID       int64
		VolumeID int64
		Volume   *Volume
	}
	// Seal forbids the deletion of its shelf.
	Seal struct {
		ID        int64
		CabinetID int64
		Cabinet   *Cabinet
		orm.SoftDelete
	}
	// Subject is related to many volumes.
	Subject struct {
		ID   int64
		Name string `gorm:"size:40"`
		orm.SoftDelete
	}
	// Account is a tenant.
	Account struct {
		ID   int64
		Name string `gorm:"size:40"`
	}
	// Invoice belongs to a tenant.
	Invoice struct {
		ID        int64
		Name      string `gorm:"size:40"`
		AccountID int64
		Account   *Account
	}
)

// Fields implements orm's Fielder.
func (v *Volume) Fields(f *orm.Fields) {
	orm.FK(f, &v.Cabinet).OnDelete(orm.Cascade).Related("volumes")
}

// Fields implements orm's Fielder.
func (l *Leaf) Fields(f *orm.Fields) { orm.FK(f, &l.Volume).OnDelete(orm.Cascade).Related("leaves") }

// Fields implements orm's Fielder.
func (s *Seal) Fields(f *orm.Fields) { orm.FK(f, &s.Cabinet).OnDelete(orm.Protect).Related("seals") }

// Fields implements orm's Fielder.
func (i *Invoice) Fields(f *orm.Fields) {
	orm.FK(f, &i.Account).OnDelete(orm.Cascade).Related("invoices")
}

type seesSecrets struct{}

// Meta implements orm's Metaer.
func (Volume) Meta() orm.Meta {
	return orm.Meta{Ordering: []string{"id"}, Scopes: []orm.Scope{
		orm.DefaultScope("open", func(ctx context.Context) (orm.Condition, error) {
			switch ctx.Value(seesSecrets{}) {
			case nil:
				return dynamic.Is("secret", false), nil
			case "error":
				return orm.Condition{}, errors.New("nobody may know")
			}
			return orm.Condition{}, nil
		}),
	}}
}

// Meta implements orm's Metaer.
func (Invoice) Meta() orm.Meta { return orm.Meta{Ordering: []string{"id"}, Tenant: "account"} }

// library has two shelves: one with a volume that is hidden in each way, and one whose volumes are all there.
func (s suite) library(t *testing.T) (db *orm.DB, full, empty *Cabinet) {
	t.Helper()
	db = s.tables(t, scopesApp{})
	full, empty = &Cabinet{Name: "full"}, &Cabinet{Name: "empty"}
	save(t, db, full, empty)
	kept, secret, gone := &Volume{Name: "kept", CabinetID: full.ID}, &Volume{Name: "secret", Secret: true, CabinetID: empty.ID},
		&Volume{Name: "gone", CabinetID: empty.ID}
	science, dead := &Subject{Name: "science"}, &Subject{Name: "dead"}
	save(t, db, kept, secret, gone, science, dead)
	for _, v := range []*Volume{kept, secret, gone} {
		if err := db.Related(v, "subjects").Add(t.Context(), science.ID, dead.ID); err != nil {
			t.Fatal(err)
		}
	}
	for _, obj := range []any{gone, dead} {
		if _, err := db.Delete(t.Context(), obj); err != nil {
			t.Fatal(err)
		}
	}
	return db, full, empty
}

func save(t *testing.T, db *orm.DB, objs ...any) {
	t.Helper()
	for _, obj := range objs {
		if err := db.Create(t.Context(), obj); err != nil {
			t.Fatal(err)
		}
	}
}

// names returns what a query finds, by name.
func names(ctx context.Context, t *testing.T, q dynamic.Query) string {
	t.Helper()
	rows, err := q.OrderBy("id").Values(ctx, "name")
	if err != nil {
		text, _, _ := q.SQL()
		t.Errorf("%v\n%s", err, text)
	}
	list := make([]string, len(rows))
	for i, row := range rows {
		list[i] = fmt.Sprint(row["name"])
	}
	return strings.Join(list, " ")
}

// testScopes checks that default scopes apply to every way to read rows.
func testScopes(t *testing.T, s suite) {
	db, full, empty := s.library(t)
	ctx := t.Context()
	volumes, shelves, subjects := dynamic.From(db, "scopes.Volume"), dynamic.From(db, "scopes.Cabinet"), dynamic.From(db, "scopes.Subject")
	for _, test := range []struct {
		name string
		q    dynamic.Query
		want string
	}{
		{"all", volumes, "kept"},
		{"WithDeleted", volumes.WithDeleted(), "kept gone"},
		{"one scope lifted", volumes.Unscoped("open"), "kept secret"},
		{"both lifted", volumes.Unscoped("open", "deleted"), "kept secret gone"},
		{"Unscoped", volumes.Unscoped(), "kept secret gone"},
		{"a filter", volumes.Where("name__in", []string{"kept", "gone"}), "kept"},
		{"Or", volumes.Filter(dynamic.Or(dynamic.Is("name", "gone"), dynamic.Is("name", "secret"))), ""},
		{"related rows", shelves.Where("volumes__id__gt", 0), "full"},
		{"no related row", shelves.Where("volumes__isnull", true), "empty"},
		{"a related row that must not be", shelves.WhereNot("volumes__name", "gone"), "full empty"},
		{"across two relations", shelves.Where("volumes__subjects__name", "science"), "full"},
		{"across to a hidden row", shelves.Where("volumes__subjects__name", "dead"), ""},
		{"many-to-many", volumes.Where("subjects__name", "dead"), ""},
		{"many-to-many by key", volumes.Where("subjects__isnull", false), "kept"},
		{"many-to-many, from behind", subjects.Where("volume__name__in", []string{"gone", "secret"}), ""},
		{"the target of a foreign key", volumes.Where("cabinet__name", "full"), "kept"},
		{"a subquery", shelves.Where("id__in", volumes.GroupBy("cabinet")), "full"},
		{"an unscoped subquery", shelves.Where("id__in", volumes.Unscoped().GroupBy("cabinet")), "full empty"},
		{"Exists", shelves.Filter(dynamic.Exists(volumes.Filter(dynamic.Is("cabinet", dynamic.OuterRef("id"))))), "full"},
		{"counted", shelves.Annotate("n", dynamic.Count("volumes")).Where("n", 0), "empty"},
		{"counted across", shelves.Annotate("n", dynamic.Count("volumes__subjects")).Where("n", 1), "full"},
	} {
		if got := names(ctx, t, test.q); got != test.want {
			text, _, _ := test.q.SQL()
			t.Errorf("%s: got %q, want %q\n%s", test.name, got, test.want, text)
		}
		if n, err := test.q.Count(ctx); err != nil || int(n) != len(strings.Fields(test.want)) {
			t.Errorf("%s: Count returned %d, %v", test.name, n, err)
		}
		if found, err := test.q.Exists(ctx); err != nil || found != (test.want != "") {
			t.Errorf("%s: Exists returned %v, %v", test.name, found, err)
		}
	}
	if got := names(context.WithValue(ctx, seesSecrets{}, true), t, volumes); got != "kept secret" {
		t.Errorf("the scope does not receive the context: %q", got)
	}
	if _, err := volumes.All(context.WithValue(ctx, seesSecrets{}, "error")); err == nil || !strings.Contains(err.Error(), "nobody may know") {
		t.Errorf("a scope's error: %v", err)
	}
	if _, err := volumes.Unscoped("opne").All(ctx); err == nil || !strings.Contains(err.Error(), `did you mean "open"?`) {
		t.Errorf("an unknown scope: %v", err)
	}
	testScopedObjects(t, db, full, empty)
}

// testScopedObjects checks prefetches, related sets, and changes of many rows.
func testScopedObjects(t *testing.T, db *orm.DB, full, empty *Cabinet) {
	ctx := t.Context()
	loaded, err := orm.Objects[Cabinet](db).PrefetchNames("volumes__subjects", "volumes__leaves").OrderByNames("id").All(ctx)
	if err != nil || len(loaded) != 2 || len(loaded[0].Volumes) != 1 || len(loaded[1].Volumes) != 0 || len(loaded[0].Volumes[0].Subjects) != 1 {
		t.Errorf("prefetched: %+v, %v", loaded, err)
	}
	for shelf, want := range map[*Cabinet]int{full: 1, empty: 0} {
		if ids, err := db.Related(shelf, "volumes").IDs(ctx); err != nil || len(ids) != want {
			t.Errorf("%s: related %v, %v", shelf.Name, ids, err)
		}
	}
	if n, err := dynamic.From(db, "scopes.Volume").Update(ctx, map[string]any{"secret": false}); err != nil || n != 1 {
		t.Errorf("updated %d, %v", n, err)
	}
	if _, err := db.Delete(ctx, empty); err != nil {
		t.Error(err)
	}
	all, err := orm.Objects[Volume](db).Unscoped().PrefetchNames("cabinet").All(ctx)
	if err != nil || slices.ContainsFunc(all, func(v *Volume) bool { return v.Cabinet == nil }) {
		t.Errorf("the target of a foreign key is not found: %+v, %v", all, err)
	}
}

// testSoftDelete checks what a deletion marks, what it leaves, and that it can be undone.
func testSoftDelete(t *testing.T, s suite) {
	db := s.tables(t, scopesApp{})
	ctx := t.Context()
	shelf, other := &Cabinet{Name: "a"}, &Cabinet{Name: "b"}
	save(t, db, shelf, other)
	early, late := &Volume{Name: "early", CabinetID: shelf.ID}, &Volume{Name: "late", CabinetID: shelf.ID}
	seal := &Seal{CabinetID: shelf.ID}
	save(t, db, early, late, seal)
	save(t, db, &Leaf{VolumeID: late.ID})

	_, err := db.Delete(ctx, shelf)
	if _, protected := errors.AsType[*orm.ProtectedError](err); !protected {
		t.Errorf("a protected shelf: %v", err)
	}
	for _, obj := range []any{seal, early} {
		if _, err := db.Delete(ctx, obj); err != nil {
			t.Fatal(err)
		}
	}
	deleted, err := db.Delete(ctx, shelf)
	if err != nil || deleted.Total != 2 || deleted.ByModel["scopes.Volume"] != 1 || !shelf.IsDeleted() {
		t.Errorf("deleted %v, %v, %v", deleted, shelf.DeletedAt, err)
	}
	if n, err := orm.Objects[Leaf](db).Count(ctx); err != nil || n != 1 {
		t.Errorf("%d rows without a mark, %v", n, err)
	}
	if got := names(ctx, t, dynamic.From(db, "scopes.Cabinet")); got != "b" {
		t.Errorf("shelves: %q", got)
	}
	err = db.Create(ctx, &Cabinet{Name: "a"})
	if err == nil {
		t.Error("a unique value of a deleted row was used again")
	}
	if n, err := db.Restore(ctx, shelf); err != nil || n != 2 || shelf.IsDeleted() {
		t.Errorf("restored %d, %v", n, err)
	}
	if got := names(ctx, t, dynamic.From(db, "scopes.Volume")); got != "late" {
		t.Errorf("volumes after Restore: %q; the one that was deleted before must stay so", got)
	}
	if n, err := db.Restore(ctx, shelf); err != nil || n != 0 {
		t.Errorf("restored again %d, %v", n, err)
	}
	if _, err := db.Restore(ctx, &Account{ID: 1}); err == nil || !strings.Contains(err.Error(), "orm.SoftDelete") {
		t.Errorf("a model without a mark: %v", err)
	}
	if n, err := orm.Objects[Seal](db).WithDeleted().HardDelete(ctx); err != nil || n != 1 {
		t.Errorf("removed %d seals, %v", n, err)
	}
	removed, err := db.HardDelete(ctx, shelf)
	if err != nil || removed.ByModel["scopes.Volume"] != 2 || removed.ByModel["scopes.Leaf"] != 1 {
		t.Errorf("removed %v, %v", removed, err)
	}
	if n, err := orm.Objects[Volume](db).Unscoped().Count(ctx); err != nil || n != 0 {
		t.Errorf("%d volumes remain, %v", n, err)
	}
}

// testTenants checks that no statement reaches a row of another tenant.
func testTenants(t *testing.T, s suite) {
	db := s.tables(t, scopesApp{})
	one, two := &Account{Name: "one"}, &Account{Name: "two"}
	save(t, db, one, two)
	first, second := tenant.With(t.Context(), one.ID), tenant.With(t.Context(), two)
	mine, theirs := &Invoice{Name: "mine"}, &Invoice{Name: "theirs"}
	if err := errors.Join(db.Create(first, mine), db.CreateAll(second, []*Invoice{theirs})); err != nil {
		t.Fatal(err)
	}
	invoices := dynamic.From(db, "scopes.Invoice")
	for ctx, want := range map[context.Context]string{
		first: "mine", second: "theirs", tenant.WithAll(t.Context()): "mine theirs", tenant.WithAll(first): "mine theirs",
	} {
		if got := names(ctx, t, invoices.Unscoped()); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if mine.AccountID != one.ID || theirs.AccountID != two.ID {
		t.Errorf("the tenants are %d and %d", mine.AccountID, theirs.AccountID)
	}
	forged := &Invoice{ID: theirs.ID, Name: "forged", AccountID: one.ID}
	for name, attempt := range map[string]func() error{
		"Get":        func() error { _, err := invoices.Where("id", theirs.ID).Get(first); return err },
		"Save":       func() error { return db.Save(first, forged) },
		"SaveFields": func() error { return db.SaveFields(first, forged, "name") },
		"Refresh":    func() error { copied := *forged; return db.Refresh(first, &copied) },
		"Delete":     func() error { _, err := db.Delete(first, forged); return err },
		"HardDelete": func() error { _, err := db.HardDelete(first, forged); return err },
	} {
		if err := attempt(); !errors.Is(err, orm.ErrNotFound) {
			t.Errorf("%s of a row of another tenant: %v", name, err)
		}
	}
	for name, attempt := range map[string]func(ctx context.Context) error{
		"Create":     func(ctx context.Context) error { return db.Create(ctx, &Invoice{Name: "x", AccountID: two.ID}) },
		"CreateAll":  func(ctx context.Context) error { return db.CreateAll(ctx, []*Invoice{{Name: "x", AccountID: two.ID}}) },
		"Save":       func(ctx context.Context) error { return db.Save(ctx, theirs) },
		"SaveFields": func(ctx context.Context) error { return db.SaveFields(ctx, theirs, "name") },
		"Refresh":    func(ctx context.Context) error { return db.Refresh(ctx, theirs) },
		"Update": func(ctx context.Context) error {
			_, err := invoices.Update(ctx, map[string]any{"account": two.ID})
			return err
		},
	} {
		if err := attempt(first); err == nil {
			t.Errorf("%s of another tenant's object was not refused", name)
		}
		if err := attempt(t.Context()); err == nil || !strings.Contains(err.Error(), "the context has none") {
			t.Errorf("%s without a tenant: %v", name, err)
		}
	}
	if n, err := invoices.Delete(first); err != nil || n != 1 {
		t.Errorf("deleted %d, %v", n, err)
	}
	if got := names(second, t, invoices); got != "theirs" {
		t.Errorf("the other tenant has %q", got)
	}
	if got := names(first, t, dynamic.From(db, "scopes.Account").Where("invoices__name", "theirs")); got != "" {
		t.Errorf("a related row of another tenant matches: %q", got)
	}
	if _, err := dynamic.From(db, "scopes.Account").Where("invoices__name", "theirs").All(t.Context()); err == nil {
		t.Error("a related row was searched without a tenant")
	}
}
