package servers

import (
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/orm/ormtest"
	"github.com/quintetgo/quintet/orm/ormtest/testdb"
	"github.com/quintetgo/quintet/orm/postgres"
)

type note struct {
	ID   int64
	Text string `gorm:"size:80"`
}

type app struct{}

func (app) Name() string  { return "notes" }
func (app) Models() []any { return []any{&note{}} }

func TestNotesOnPostgreSQL(t *testing.T) {
	t.Parallel()
	databaseURL := testdb.PostgresURL(t)
	db := ormtest.OpenOn(t, postgres.Driver, databaseURL, app{})
	if err := db.Create(t.Context(), &note{Text: "kept"}); err != nil {
		t.Fatal(err)
	}
}

func TestDriversAreChosenByTheScheme(t *testing.T) {
	t.Parallel()
	if _, err := open(framework.Settings{DatabaseURL: "sqlite::memory:"}); err == nil || !strings.Contains(err.Error(), "postgres://") {
		t.Errorf("got %v", err)
	}
	for _, url := range []string{"sqlite::memory:", testdb.PostgresURL(t)} {
		db, err := openEither(framework.Settings{DatabaseURL: url})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Ping(t.Context()); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}
