package orm_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// The models of the examples: tunes by composers, and albums of tunes.

// Tune is a model. GORM's tags describe its columns; Fields adds what they cannot express.
type Tune struct {
	ID         int64
	Title      string `gorm:"size:100;uniqueIndex"`
	Key        string `gorm:"size:3"`
	ComposerID *int64
	Composer   *Composer
}

// Fields configures validation, defaults and relations.
func (t *Tune) Fields(f *orm.Fields) {
	orm.Describe(f, &t.Title).Help("As on the record").Validate(orm.MinLen(2))
	orm.Describe(f, &t.Key).Default(func() string { return "C" })
	orm.FK(f, &t.Composer).OnDelete(orm.SetNull).Related("tunes")
}

// Composer is the composer of tunes.
type Composer struct {
	ID   int64
	Name string
}

// RecordLabel publishes albums.
type RecordLabel struct {
	ID   int64
	Name string `gorm:"size:50"`
}

func (l RecordLabel) String() string { return l.Name }

// Album is a record with several tunes.
type Album struct {
	ID      int64
	Title   string `gorm:"size:100"`
	Slug    string `gorm:"size:100"`
	Year    int
	LabelID int64
	Label   *RecordLabel
	Tunes   []Tune `gorm:"many2many:tunes_album_tunes"`
}

// Fields configures the relations.
func (a *Album) Fields(f *orm.Fields) {
	orm.FK(f, &a.Label).OnDelete(orm.Protect).Related("albums")
	orm.M2M(f, &a.Tunes).Related("albums")
}

// BeforeSave runs before validation.
func (a *Album) BeforeSave(context.Context) error {
	if a.Slug == "" {
		a.Slug = strings.ReplaceAll(strings.ToLower(a.Title), " ", "-")
	}
	return nil
}

// Clean checks the album as a whole.
func (a *Album) Clean() error {
	if a.Year < 1877 {
		return orm.Invalid("year", "There were no records before {year}.", message.Args{"year": 1877})
	}
	return nil
}

func (a Album) String() string { return a.Title }

type tunes struct{}

func (tunes) Name() string  { return "tunes" }
func (tunes) Models() []any { return []any{&Tune{}, &Composer{}, &RecordLabel{}, &Album{}} }

// openTunes returns a database with the models' tables, and a function that removes it.
func openTunes() (*orm.DB, func()) {
	dir, err := os.MkdirTemp("", "tunes")
	if err != nil {
		panic(err)
	}
	db := orm.MustOpen("sqlite:///"+filepath.Join(dir, "tunes.sqlite3"), sqlite.Driver)
	if err := errors.Join(migrate.Register(db, tunes{}), migrate.CreateTables(context.Background(), db)); err != nil {
		panic(err)
	}
	return db, func() { _ = db.Close(); _ = os.RemoveAll(dir) }
}

// must ends an example that fails where it should not.
func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func ExampleNew() {
	db, done := openTunes()
	defer done()

	tune, err := orm.New[Tune](db)
	must(err)
	fmt.Println(tune.Key)
	// Output:
	// C
}

// Any driver whose Schemes has the URL's scheme may open it; the error lists URLs of the expected form.
func ExampleOpen() {
	_, err := orm.Open("sqlit:///db.sqlite3", sqlite.Driver)
	fmt.Println(err)
	// Output:
	// orm: the database URL "sqlit:///db.sqlite3" has the unknown scheme "sqlit"; did you mean "sqlite"?; expected something like sqlite:///db.sqlite3
}
