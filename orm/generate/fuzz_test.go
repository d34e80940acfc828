package generate_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/quintetgo/quintet/orm/generate"
)

// For any source the result is an error or a file that gofmt accepts, which rendering checks.
func FuzzSource(f *testing.F) {
	f.Add("type Post struct{ ID int64; Title string }")
	f.Add("type Post struct { Base; *Post; Parent *Post; ParentID *int64 `gorm:\"column:x\"`; A, B map[string]Post }\ntype Base = Other\ntype Other = Base")
	f.Add("type Post struct { Posts []Post `gorm:\"many2many:x\"`; T time.Time; N sql.Null[int]; F func() }\nfunc (p *Post) Fields(f *orm.Fields) { orm.M2M(f, &p.Posts).Related(\"func\") }")
	f.Add("type Post struct { Rel, type_ int; ID [3]int }\nconst x = \"y\"\ntype Post[T any] struct{}")
	f.Fuzz(func(t *testing.T, source string) {
		dir := t.TempDir()
		for name, content := range map[string]string{
			"go.mod": goMod, "blog/app.go": app, "blog/models.go": "package blog\n\nimport (\n\t\"time\"\n\t\"database/sql\"\n)\n\n" + source + "\n",
		} {
			path := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		changed, err := generate.Run(dir, false)
		if err != nil {
			return
		}
		if again, err := generate.Run(dir, true); err != nil || len(again) > 0 {
			t.Errorf("first %q, then %q, %v", changed, again, err)
		}
	})
}
