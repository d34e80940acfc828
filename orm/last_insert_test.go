package orm_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// Ticket has a key and a column that the database fills.
type Ticket struct {
	ID    int64
	Seat  string `gorm:"size:5"`
	Price int
}

func (t *Ticket) Fields(f *orm.Fields) { orm.Describe(f, &t.Seat).DBDefault("'free'") }

// Clean sets a column that the database fills otherwise.
func (t *Ticket) Clean() error {
	if t.Price >= 100 {
		t.Seat = "box"
	}
	return nil
}

type tickets struct{}

func (tickets) Name() string  { return "tickets" }
func (tickets) Models() []any { return []any{&Ticket{}} }

// withoutReturning is SQLite without RETURNING, as some databases are: the keys of new rows come from the result.
type withoutReturning struct{ dialect.Dialect }

func (withoutReturning) KeySource() dialect.KeySource { return dialect.KeysFromLast }
func (withoutReturning) DefaultValues() string        { return " DEFAULT VALUES" }
func (withoutReturning) OnConflict(w *dialect.Writer, _ dialect.Conflict) {
	w.Text(" ON CONFLICT DO NOTHING")
}

// resultDriver opens SQLite with that dialect.
type resultDriver struct{ dialect.Driver }

func (d resultDriver) Open(url string) (*dialect.Connection, error) {
	conn, err := d.Driver.Open(url)
	if err == nil {
		conn.Dialect = withoutReturning{conn.Dialect}
	}
	return conn, err
}

func TestKeysFromTheResultOfAnInsert(t *testing.T) {
	t.Parallel()
	url := "sqlite:///" + filepath.ToSlash(filepath.Join(t.TempDir(), "tickets.sqlite3"))
	plain := orm.MustOpen(url, sqlite.Driver)
	defer plain.Close()
	if err := migrate.Register(plain, tickets{}); err != nil {
		t.Fatal(err)
	}
	if err := migrate.CreateTables(t.Context(), plain); err != nil {
		t.Fatal(err)
	}
	db := orm.MustOpen(url, resultDriver{sqlite.Driver})
	defer db.Close()
	if err := db.Register("tickets", &Ticket{}); err != nil {
		t.Fatal(err)
	}
	stop := db.Observe(func(s orm.Statement) {
		if strings.Contains(s.SQL, "RETURNING") {
			t.Errorf("the dialect has no RETURNING: %s", s.SQL)
		}
	})
	defer stop()

	one := &Ticket{Price: 1}
	if err := db.Create(t.Context(), one); err != nil || one.ID != 1 || one.Seat != "free" {
		t.Errorf("Create: %+v, %v; want the key 1 and the seat of the database", one, err)
	}
	list := []*Ticket{{Price: 2, Seat: "a1"}, {Price: 3, Seat: "a2"}, {Price: 4}, {Price: 100}, {Price: 6}}
	if err := db.CreateAll(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	for i, want := range []Ticket{{2, "a1", 2}, {3, "a2", 3}, {4, "free", 4}, {5, "box", 100}, {6, "free", 6}} {
		if *list[i] != want {
			t.Errorf("CreateAll: element %d is %+v, want %+v", i, *list[i], want)
		}
	}
}
