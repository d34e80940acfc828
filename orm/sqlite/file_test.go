package sqlite_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/sqlite"
)

func openAt(t *testing.T, path string) *orm.DB {
	t.Helper()
	db, err := orm.Open("sqlite:///"+filepath.ToSlash(path), sqlite.Driver)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func exec(t *testing.T, db *orm.DB, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := db.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// rowsOfACopy copies the one file of a database to another folder and counts the rows of the table note there.
func rowsOfACopy(t *testing.T, path string) int {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	alone := filepath.Join(t.TempDir(), "copy.sqlite3")
	if err := os.WriteFile(alone, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return count(t, openAt(t, alone))
}

func count(t *testing.T, db *orm.DB) (n int) {
	t.Helper()
	rows, err := db.Query(t.Context(), "SELECT count(*) FROM note")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestCloseLeavesOneCompleteFile(t *testing.T) {
	t.Parallel()
	const create, add = "CREATE TABLE note (id integer PRIMARY KEY, text text)", "INSERT INTO note (text) VALUES ('a')"
	for name, use := range map[string]func(t *testing.T, path string){
		"one handle": func(t *testing.T, path string) {
			db := openAt(t, path)
			exec(t, db, create, add)
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		},
		"another process has it open": func(t *testing.T, path string) {
			other, db := openAt(t, path), openAt(t, path)
			exec(t, db, create, add)
			count(t, other)
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		},
		"both wrote, and end one after the other": func(t *testing.T, path string) {
			first, second := openAt(t, path), openAt(t, path)
			exec(t, first, create)
			exec(t, second, add)
			for _, db := range []*orm.DB{first, second} {
				if err := db.Close(); err != nil {
					t.Error(err)
				}
			}
		},
		"closed twice": func(t *testing.T, path string) {
			db := openAt(t, path)
			exec(t, db, create, add)
			for range 2 {
				if err := db.Close(); err != nil {
					t.Error(err)
				}
			}
		},
		"a process that only reads finds what a killed one left": func(t *testing.T, path string) {
			killed := openAt(t, path)
			exec(t, killed, create, add)
			left := filepath.Join(t.TempDir(), "left.sqlite3")
			for _, suffix := range []string{"", "-wal"} {
				text, err := os.ReadFile(path + suffix)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(left+suffix, text, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			db := openAt(t, left)
			count(t, db)
			if err := db.Close(); err != nil {
				t.Error(err)
			}
			if got := rowsOfACopy(t, left); got != 1 {
				t.Errorf("the copy has %d rows, want 1", got)
			}
			if err := killed.Close(); err != nil {
				t.Error(err)
			}
		},
		"a statement still runs": func(t *testing.T, path string) {
			db := openAt(t, path)
			exec(t, db, create)
			inside, closed := make(chan struct{}), make(chan struct{})
			go func() {
				defer close(closed)
				<-inside
				if err := db.Close(); err != nil {
					t.Error(err)
				}
			}()
			err := db.Atomic(t.Context(), func(ctx context.Context) error {
				close(inside)
				_, err := db.Exec(ctx, add)
				return err
			})
			<-closed
			if err != nil {
				t.Errorf("the transaction was not waited for: %v", err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "db.sqlite3")
			use(t, path)
			if got := rowsOfACopy(t, path); got != 1 {
				t.Errorf("a copy of the file alone has %d rows, want 1", got)
			}
		})
	}
}

func TestCloseCreatesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "db.sqlite3")
	if err := openAt(t, path).Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("closing a database that nobody used created its file")
	}
}

func TestFilePermissions(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("there are no such permissions")
	}
	for name, c := range map[string]struct {
		before fs.FileMode // of a database of a former version; 0 means that there is none
		want   fs.FileMode
	}{
		"new":                     {0, 0o600},
		"everyone could read":     {0o644, 0o600},
		"everyone could write":    {0o666, 0o600},
		"the group was given it":  {0o660, 0o660},
		"it was the owner's only": {0o600, 0o600},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "db.sqlite3")
			if c.before != 0 {
				former := openAt(t, path)
				exec(t, former, "CREATE TABLE note (id integer PRIMARY KEY)")
				if err := former.Close(); err != nil {
					t.Fatal(err)
				}
				if err := os.Chmod(path, c.before); err != nil {
					t.Fatal(err)
				}
			}
			db := openAt(t, path)
			exec(t, db, "CREATE TABLE other (id integer PRIMARY KEY)")
			for _, suffix := range []string{"", "-wal", "-shm"} {
				info, err := os.Stat(path + suffix)
				if err != nil {
					t.Error(err)
				} else if got := info.Mode().Perm(); got != c.want {
					t.Errorf("db.sqlite3%s has the mode %o, want %o", suffix, got, c.want)
				}
			}
			if problems := check.AtLeast(db.CheckDriver(), check.Warning); len(problems) > 0 {
				t.Errorf("the check reports %v", problems)
			}
		})
	}
}

func TestBackup(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "db.sqlite3")
	db := openAt(t, path)
	target := filepath.Join(dir, "copy.sqlite3")
	if err := db.Backup(t.Context(), target); err == nil || !strings.Contains(err.Error(), "no database yet") {
		t.Errorf("without a database: %v", err)
	}
	exec(t, db, "CREATE TABLE note (id integer PRIMARY KEY, text text)", "INSERT INTO note (text) VALUES ('a'), ('b')",
		"CREATE INDEX folded ON note (quintet_fold(text))")
	err := db.Atomic(t.Context(), func(ctx context.Context) error { // a writer keeps no backup waiting
		if _, err := db.Exec(ctx, "INSERT INTO note (text) VALUES ('not committed')"); err != nil {
			return err
		}
		return db.Backup(context.WithoutCancel(t.Context()), target)
	})
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(target)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("the copy has the mode %o", info.Mode().Perm())
	}
	if got := rowsOfACopy(t, target); got != 2 {
		t.Errorf("the copy has %d rows, want the 2 that were committed", got)
	}
	if err := db.Backup(t.Context(), target); err == nil || !strings.Contains(err.Error(), "the file exists") {
		t.Errorf("onto a file that exists: %v", err)
	}
	if err := db.Backup(t.Context(), path); err == nil || count(t, db) != 3 {
		t.Errorf("onto the database itself: %v", err)
	}
	if err := db.Backup(t.Context(), filepath.Join(dir, "absent", "copy.sqlite3")); err == nil {
		t.Error("into a folder that does not exist: no error")
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if name := entry.Name(); !strings.HasPrefix(name, "db.sqlite3") && name != "copy.sqlite3" {
			t.Errorf("the backup left %s", name)
		}
	}
}

// TestFullTextSearch creates a table of the module fts5. A build that lacks it has to say how to get it.
func TestFullTextSearch(t *testing.T) {
	t.Parallel()
	db := openAt(t, filepath.Join(t.TempDir(), "db.sqlite3"))
	_, err := db.Exec(t.Context(), "CREATE VIRTUAL TABLE page USING fts5(text)")
	var reported []string
	for _, problem := range db.CheckDriver() {
		reported = append(reported, problem.String()+problem.Hint)
	}
	report := strings.Join(reported, "\n")
	if err != nil {
		for name, text := range map[string]string{"the error": err.Error(), "the check": report} {
			if !strings.Contains(text, "sqlite_fts5") {
				t.Errorf("%s does not name the tag: %s", name, text)
			}
		}
		return
	}
	if strings.Contains(report, "FTS5") {
		t.Errorf("there is fts5, but the check reports %s", report)
	}
	exec(t, db, "INSERT INTO page (text) VALUES ('a quick brown fox')")
	rows, err := db.Query(t.Context(), "SELECT count(*) FROM page WHERE page MATCH 'brown'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var n int
	if !rows.Next() || rows.Scan(&n) != nil || n != 1 {
		t.Errorf("found %d pages, want 1", n)
	}
}
