package orm_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
)

// stocked returns a shop with one maker and two items; the first has labels, reviews with replies, and is the spare of
// the second.
func stocked(t *testing.T) (db *orm.DB, selmer *Maker, first, second *Item) {
	t.Helper()
	db = shop(t)
	selmer = &Maker{Name: "Selmer"}
	create(t, db, selmer)
	first, second = item(selmer, "first"), item(selmer, "second")
	create(t, db, first)
	second.SpareID = &first.ID
	create(t, db, second)
	for i := range 3 {
		label := &Label{Name: fmt.Sprint(i)}
		review := &Review{ItemID: first.ID, Text: "good"}
		create(t, db, label, review)
		create(t, db, &Reply{ReviewID: review.ID, Text: "thanks"}, &Reply{ReviewID: review.ID, Text: "indeed"})
		if err := db.Related(first, "labels").Add(t.Context(), label); err != nil {
			t.Fatal(err)
		}
	}
	return db, selmer, first, second
}

func TestDeleteCascades(t *testing.T) {
	t.Parallel()
	db, _, first, second := stocked(t)
	plan, err := db.CollectDelete(t.Context(), first)
	if err != nil {
		t.Fatal(err)
	}
	var groups []string
	for _, g := range plan.Groups {
		groups = append(groups, fmt.Sprintf("%s %d", g.Model, g.Count))
	}
	slices.Sort(groups)
	if want := []string{"shop.Item 1", "shop.ItemLabels 3", "shop.Reply 6", "shop.Review 3"}; !slices.Equal(groups, want) || plan.Total() != 13 {
		t.Errorf("collected %v, want %v", groups, want)
	}
	if len(plan.Updates) != 1 || plan.Updates[0].Field.Name != "spare" || plan.Updates[0].Count != 1 {
		t.Errorf("updates %+v", plan.Updates)
	}
	if count(t, db, "shop_item") != 2 {
		t.Error("collecting changed something")
	}
	done, err := db.Delete(t.Context(), first)
	if err != nil || done.Total != 13 || done.ByModel["shop.Reply"] != 6 {
		t.Errorf("deleted %v, error %v", done, err)
	}
	for table, want := range map[string]int{"shop_item": 1, "shop_review": 0, "shop_reply": 0, "shop_item_labels": 0, "shop_label": 3} {
		if got := count(t, db, table); got != want {
			t.Errorf("%s has %d rows, want %d", table, got, want)
		}
	}
	if err := db.Refresh(t.Context(), second); err != nil || second.SpareID != nil {
		t.Errorf("spare is %v (%v), want nil", second.SpareID, err)
	}
}

func TestDeleteProtected(t *testing.T) {
	t.Parallel()
	db, selmer, first, second := stocked(t)
	_, err := db.Delete(t.Context(), selmer)
	if protected, ok := errors.AsType[*orm.ProtectedError](err); !ok || len(protected.Protected) != 1 || len(protected.Protected[0].Objects) != 2 || protected.HTTPStatus() != 409 {
		t.Fatalf("got %v", err)
	}
	if !strings.Contains(err.Error(), "shop.Item.maker (Item 1, Item 2)") {
		t.Error(err)
	}
	if count(t, db, "shop_maker") != 1 {
		t.Error("the row is gone")
	}
	plan, err := db.CollectDelete(t.Context(), first, second, selmer)
	if err != nil {
		t.Fatal(err)
	}
	if plan.Allowed() {
		t.Error("Protect allowed the deletion, as only Restrict may")
	}
}

func TestDeleteManyInChunks(t *testing.T) {
	t.Parallel()
	db := shop(t)
	selmer := &Maker{Name: "Selmer"}
	create(t, db, selmer)
	it := item(selmer, "Guitar")
	create(t, db, it)
	var reviews []*Review
	for range 1100 {
		reviews = append(reviews, &Review{ItemID: it.ID, Text: "good"})
	}
	if err := db.CreateAll(t.Context(), reviews); err != nil {
		t.Fatal(err)
	}
	var replies []*Reply
	for _, r := range reviews {
		replies = append(replies, &Reply{ReviewID: r.ID, Text: "thanks"})
	}
	if err := db.CreateAll(t.Context(), replies); err != nil {
		t.Fatal(err)
	}
	done, err := db.Delete(t.Context(), it)
	if err != nil || done.Total != 2201 {
		t.Errorf("%v, %v", done, err)
	}
}

type (
	Folder struct {
		ID       int64
		ParentID *int64
		Parent   *Folder
	}
	File struct {
		ID       int64
		FolderID int64
		Folder   *Folder
		IconID   int64
		Icon     *Icon
		LostID   int64
		Lost     *Icon
	}
	Icon struct {
		ID       int64
		FolderID int64
		Folder   *Folder
	}
)

func (x *Folder) Fields(f *orm.Fields) { orm.FK(f, &x.Parent).OnDelete(orm.Cascade).Related("folders") }
func (x *Icon) Fields(f *orm.Fields)   { orm.FK(f, &x.Folder).OnDelete(orm.Cascade) }
func (x *File) Fields(f *orm.Fields) {
	orm.FK(f, &x.Folder).OnDelete(orm.Cascade)
	orm.FK(f, &x.Icon).OnDelete(orm.Restrict).Related("files")
	orm.FK(f, &x.Lost).OnDelete(orm.SetDefault).Related("-")
	orm.Describe(f, &x.LostID).Default(func() int64 { return 1 })
}

func TestRestrictAndSetDefault(t *testing.T) {
	t.Parallel()
	db := shop(t)
	if err := db.Register("disk", &Folder{}, &File{}, &Icon{}); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`CREATE TABLE disk_folder (id integer PRIMARY KEY AUTOINCREMENT, parent_id bigint)`,
		`CREATE TABLE disk_file (id integer PRIMARY KEY AUTOINCREMENT, folder_id bigint, icon_id bigint, lost_id bigint)`,
		`CREATE TABLE disk_icon (id integer PRIMARY KEY AUTOINCREMENT, folder_id bigint)`,
	} {
		if _, err := db.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	top := &Folder{}
	create(t, db, top)
	child := &Folder{ParentID: &top.ID}
	create(t, db, child)
	keep, icon := &Icon{FolderID: top.ID}, &Icon{FolderID: child.ID}
	create(t, db, keep, icon)
	file := &File{FolderID: child.ID, IconID: icon.ID, LostID: icon.ID}
	create(t, db, file)
	var protected *orm.ProtectedError
	if _, err := db.Delete(t.Context(), icon); !errors.As(err, &protected) {
		t.Errorf("a restricted icon: got %v", err)
	}
	file2 := &File{FolderID: child.ID, IconID: keep.ID, LostID: icon.ID}
	create(t, db, file2)
	done, err := db.Delete(t.Context(), child) // the file that restricts the icon is deleted too
	if err != nil || done.ByModel["disk.Folder"] != 1 || done.ByModel["disk.File"] != 2 || done.ByModel["disk.Icon"] != 1 {
		t.Errorf("%v, %v", done, err)
	}
	other := &Icon{FolderID: top.ID}
	create(t, db, other)
	left := &File{FolderID: top.ID, IconID: keep.ID, LostID: other.ID}
	create(t, db, left)
	if _, err := db.Delete(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	if err := db.Refresh(t.Context(), left); err != nil || left.LostID != 1 {
		t.Errorf("lost_id is %d (%v), want the default", left.LostID, err)
	}
	if done, err := db.Delete(t.Context(), top); err != nil || done.Total != 3 {
		t.Errorf("%v %v", done, err)
	}
}
