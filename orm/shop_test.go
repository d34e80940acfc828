package orm_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// The models of a small shop, which the tests of writing and deleting use.

type Status string

func (Status) Choices() []orm.Choice {
	return []orm.Choice{{Value: "draft", Label: "Draft"}, {Value: "live", Label: "Live"}}
}

type Maker struct {
	ID   int64
	Name string `gorm:"size:20;uniqueIndex"`
}

func (m Maker) String() string { return m.Name }

type Label struct {
	ID   int64
	Name string
}

func (l *Label) Normalize() { l.Name = strings.TrimSpace(l.Name) }

type Item struct {
	ID        int64
	Title     string `gorm:"size:30"`
	Code      string `gorm:"size:10"`
	Status    Status `gorm:"size:10"`
	Price     float64
	MakerID   int64
	Maker     *Maker
	SpareID   *int64
	Spare     *Item
	Labels    []Label        `gorm:"many2many:shop_item_labels"`
	Extra     map[string]int `gorm:"serializer:json"`
	Options   orm.JSON[[]string]
	Day       time.Time
	Took      time.Duration
	CreatedAt time.Time
	UpdatedAt time.Time

	hooks *[]string
}

func (i *Item) Fields(f *orm.Fields) {
	orm.Describe(f, &i.Code).Slug().Blank()
	orm.Describe(f, &i.Day).Date().Blank()
	orm.Describe(f, &i.Price).Validate(orm.AtLeast(0.0))
	orm.Describe(f, &i.Status).Default(func() Status { return "draft" })
	orm.FK(f, &i.Maker).OnDelete(orm.Protect).Related("items")
	orm.FK(f, &i.Spare).OnDelete(orm.SetNull).Related("spare_of")
	orm.M2M(f, &i.Labels).Related("items")
}

func (i *Item) note(s string) {
	if i.hooks != nil {
		*i.hooks = append(*i.hooks, s)
	}
}

func (i *Item) BeforeSave(context.Context) error { i.note("before save"); return nil }

func (i *Item) AfterSave(context.Context) error {
	i.note("after save")
	if i.Title == "fail late" {
		return errors.New("late failure")
	}
	return nil
}

func (i *Item) BeforeDelete(context.Context) error { i.note("before delete"); return nil }
func (i *Item) AfterDelete(context.Context) error  { i.note("after delete"); return nil }

func (i *Item) Clean() error {
	if i.Title == i.Code && i.Code != "" {
		return orm.Invalid("code", "The code must differ from the title.")
	}
	return nil
}

type Review struct {
	ID     int64
	ItemID int64
	Item   *Item
	Text   string `gorm:"type:text"`
}

func (r *Review) Fields(f *orm.Fields) {
	orm.FK(f, &r.Item).OnDelete(orm.Cascade).Related("reviews")
}

type Reply struct {
	ID       int64
	ReviewID int64
	Review   *Review
	Text     string
}

func (r *Reply) Fields(f *orm.Fields) {
	orm.FK(f, &r.Review).OnDelete(orm.Cascade).Related("replies")
}

// shop returns a database with the shop's tables.
func shop(t testing.TB) *orm.DB {
	t.Helper()
	db, err := orm.Open("sqlite:///"+filepath.Join(t.TempDir(), "shop.sqlite3"), sqlite.Driver)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Register("shop", &Item{}, &Maker{}, &Label{}, &Review{}, &Reply{}); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`CREATE TABLE shop_maker (id integer PRIMARY KEY AUTOINCREMENT, name varchar(20) NOT NULL UNIQUE)`,
		`CREATE TABLE shop_label (id integer PRIMARY KEY AUTOINCREMENT, name text NOT NULL)`,
		`CREATE TABLE shop_item (id integer PRIMARY KEY AUTOINCREMENT, title varchar(30) NOT NULL, code varchar(10) NOT NULL, status varchar(10) NOT NULL,
			price real NOT NULL, maker_id bigint NOT NULL REFERENCES shop_maker(id) DEFERRABLE INITIALLY DEFERRED,
			spare_id bigint REFERENCES shop_item(id) DEFERRABLE INITIALLY DEFERRED, extra text NOT NULL, options text NOT NULL, day date NOT NULL,
			took bigint NOT NULL, created_at datetime NOT NULL, updated_at datetime NOT NULL)`,
		`CREATE TABLE shop_item_labels (id integer PRIMARY KEY AUTOINCREMENT, item_id bigint NOT NULL REFERENCES shop_item(id) DEFERRABLE INITIALLY DEFERRED,
			label_id bigint NOT NULL REFERENCES shop_label(id) DEFERRABLE INITIALLY DEFERRED, UNIQUE (item_id, label_id))`,
		`CREATE TABLE shop_review (id integer PRIMARY KEY AUTOINCREMENT, item_id bigint NOT NULL REFERENCES shop_item(id), text text NOT NULL)`,
		`CREATE TABLE shop_reply (id integer PRIMARY KEY AUTOINCREMENT, review_id bigint NOT NULL REFERENCES shop_review(id), text text NOT NULL)`,
	} {
		if _, err := db.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// create stores objects and stops the test if it cannot.
func create(t testing.TB, db *orm.DB, objs ...any) {
	t.Helper()
	for _, obj := range objs {
		if err := db.Create(t.Context(), obj); err != nil {
			t.Fatal(err)
		}
	}
}

// count returns the number of rows in a table.
func count(t testing.TB, db *orm.DB, table string) int {
	t.Helper()
	rows, err := db.Query(t.Context(), "SELECT count(*) FROM "+table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var n int
	if rows.Next() {
		err = rows.Scan(&n)
	}
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// item returns a valid item that is not stored yet.
func item(selmer *Maker, title string) *Item {
	return &Item{Title: title, Status: "live", Maker: selmer}
}
