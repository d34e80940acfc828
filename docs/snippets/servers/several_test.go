package servers

import (
	"path/filepath"
	"testing"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
)

type event struct {
	ID   int64
	Text string `gorm:"size:80"`
}

type audit struct{}

func (audit) Name() string  { return "audit" }
func (audit) Models() []any { return []any{&event{}} }

func TestSeveralDatabases(t *testing.T) {
	t.Parallel()
	address := func(name string) string {
		return "sqlite:///" + filepath.ToSlash(filepath.Join(t.TempDir(), name+".sqlite3"))
	}
	s := framework.Settings{
		DatabaseURL: address("default"), DatabaseURLs: map[string]string{"logs": address("logs"), "archive": address("archive")},
	}
	db, err := openSeveral(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := migrate.Register(db, audit{}); err != nil {
		t.Fatal(err)
	}
	if err := migrate.CreateTables(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if err := db.Create(t.Context(), &event{Text: "kept"}); err != nil {
		t.Fatal(err)
	}
	for alias, want := range map[string]bool{"logs": true, "default": false} {
		n, err := orm.Objects[event](db).Using(alias).Count(t.Context())
		if (err == nil) != want || want && n != 1 {
			t.Errorf("%s: %d events, %v", alias, n, err)
		}
	}
	if replicated(&s); len(s.Middleware) != 1 {
		t.Errorf("%d middleware", len(s.Middleware))
	}
}
