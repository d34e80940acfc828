package orm_test

import (
	"path/filepath"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// Tally has columns that only other programs write.
type Tally struct {
	ID    int64
	Name  string
	Hits  int    `gorm:"->"`
	Text  string `gorm:"<-:false"`
	Level int    `gorm:"->;default:4"`
}

type tallies struct{}

func (tallies) Name() string  { return "tallies" }
func (tallies) Models() []any { return []any{&Tally{}} }

func TestReadOnlyColumnsAreNotWritten(t *testing.T) {
	t.Parallel()
	db, err := orm.Open("sqlite:///"+filepath.ToSlash(filepath.Join(t.TempDir(), "tallies.sqlite3")), sqlite.Driver)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := migrate.Register(db, tallies{}); err != nil {
		t.Fatal(err)
	}
	if err := migrate.CreateTables(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	tally := &Tally{Name: "a", Hits: 3, Text: "mine"}
	if err := db.Create(t.Context(), tally); err != nil {
		t.Fatal(err)
	}
	read := func(want Tally) {
		t.Helper()
		if got, err := orm.Objects[Tally](db).Get(t.Context()); err != nil || *got != want {
			t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
	}
	read(Tally{ID: 1, Name: "a", Level: 4})
	if _, err := db.Exec(t.Context(), "UPDATE tallies_tally SET hits = 5, text = 'theirs'"); err != nil {
		t.Fatal(err)
	}
	tally.Name = "b"
	if err := db.Save(t.Context(), tally); err != nil {
		t.Fatal(err)
	}
	read(Tally{ID: 1, Name: "b", Hits: 5, Text: "theirs", Level: 4})
}
