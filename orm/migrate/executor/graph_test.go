package executor_test

import (
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm/migrate/executor"
	"github.com/quintetgo/quintet/orm/migrate/operations"
)

func named(app string, names ...string) executor.App {
	a := executor.App{Name: app}
	for i, name := range names {
		m := operations.Migration{Name: name}
		if i > 0 {
			m.Depends = []operations.Dependency{operations.On(app, names[i-1])}
		}
		a.Migrations = append(a.Migrations, m)
	}
	return a
}

func needs(a executor.App, i int, more ...operations.Dependency) executor.App {
	a.Migrations[i].Depends = append(a.Migrations[i].Depends, more...)
	return a
}

func TestInvalidGraphs(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		apps []executor.App
		want string
	}{
		"unknown app":       {[]executor.App{needs(named("blog", "0001_initial"), 0, operations.On("atuh", "0001_initial")), named("auth", "0001_initial")}, `no app "atuh" with migrations; did you mean "auth"?`},
		"unknown migration": {[]executor.App{needs(named("blog", "0001_initial"), 0, operations.On("auth", "0001_initail")), named("auth", "0001_initial")}, `no migration "0001_initail"; did you mean "0001_initial"?`},
		"cycle":             {[]executor.App{needs(named("blog", "0001_a", "0002_b"), 0, operations.On("shop", "0001_c")), needs(named("shop", "0001_c"), 0, operations.On("blog", "0002_b"))}, "in a cycle: blog.0001_a → shop.0001_c → blog.0002_b → blog.0001_a"},
		"twice":             {[]executor.App{named("blog", "0001_a", "0001_a")}, `two migrations called "0001_a"`},
		"alias without app": {[]executor.App{needs(named("blog", "0001_a"), 0, operations.OnModel("auth.User"))}, "run makemigrations"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := executor.NewGraph(tc.apps, executor.Config{})
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func TestFindTakesPrefixesAndNamesTheNearest(t *testing.T) {
	t.Parallel()
	g := graph(t, named("blog", "0001_initial", "0002_post", "0002_post_more"))
	for name, want := range map[string]string{
		"0001": "0001_initial", "0002_post": "0002_post", "0002_post_m": "0002_post_more",
		"0002": `has 2 migrations that begin with "0002"`, "0001_initail": `did you mean "0001_initial"?`, "0009": "it has",
	} {
		n, err := g.Find("blog", name)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = n.Migration.Name
		}
		if !strings.Contains(got, want) {
			t.Errorf("Find(%q): got %q, want %q", name, got, want)
		}
	}
	if _, err := g.Find("blgo", "0001"); err == nil || !strings.Contains(err.Error(), `did you mean "blog"?`) {
		t.Errorf("an unknown app gives %v", err)
	}
}

func TestTwoLastMigrationsAreAConflict(t *testing.T) {
	t.Parallel()
	a := named("blog", "0001_initial", "0002_mine")
	a.Migrations = append(a.Migrations, operations.Migration{Name: "0002_yours", Depends: []operations.Dependency{operations.On("blog", "0001_initial")}})
	err := graph(t, a).Conflicts()
	if err == nil || !strings.Contains(err.Error(), "0002_mine, 0002_yours; run makemigrations --merge blog") {
		t.Errorf("got %v", err)
	}
	a.Migrations = append(a.Migrations, operations.Migration{Name: "0003_merge", Depends: []operations.Dependency{operations.On("blog", "0002_mine"), operations.On("blog", "0002_yours")}})
	if err := graph(t, a).Conflicts(); err != nil {
		t.Error(err)
	}
}

func names(steps []executor.Step) []string {
	var list []string
	for _, s := range steps {
		name := s.Node.String()
		if s.Backward {
			name = "-" + name
		}
		list = append(list, name)
	}
	return list
}

func TestTargets(t *testing.T) {
	t.Parallel()
	blog := needs(named("blog", "1", "2", "3"), 1, operations.On("auth", "1"))
	g := graph(t, blog, named("auth", "1", "2"))
	all := executor.Applied{{App: "blog", Name: "1"}: {}, {App: "blog", Name: "2"}: {}, {App: "blog", Name: "3"}: {}, {App: "auth", Name: "1"}: {}, {App: "auth", Name: "2"}: {}}
	for _, tc := range []struct {
		app, name string
		applied   executor.Applied
		want      string
	}{
		{"blog", "", nil, "blog.1 auth.1 blog.2 blog.3"},
		{"blog", "1", nil, "blog.1"},
		{"blog", "2", nil, "blog.1 auth.1 blog.2"},
		{"blog", "1", all, "-blog.3 -blog.2"},
		{"blog", "3", all, ""},
		{"blog", "zero", all, "-blog.3 -blog.2 -blog.1"},
		{"auth", "1", all, "-auth.2"},
		{"auth", "zero", all, "-auth.2 -blog.3 -blog.2 -auth.1"},
		{"auth", "zero", nil, ""},
	} {
		steps, err := g.To(tc.app, tc.name, tc.applied)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(names(steps), " "); got != tc.want {
			t.Errorf("%s to %q with %d applied: got %q, want %q", tc.app, tc.name, len(tc.applied), got, tc.want)
		}
	}
}

func TestMigrationThatReplacesOthers(t *testing.T) {
	t.Parallel()
	a := named("blog", "1", "2", "3")
	a.Migrations = append(a.Migrations, operations.Migration{Name: "1_squashed", Replaces: []string{"1", "2"}})
	for name, tc := range map[string]struct {
		applied executor.Applied
		want    string
	}{
		"nothing applied": {nil, "blog.1_squashed blog.3"},
		"all applied":     {executor.Applied{{App: "blog", Name: "1"}: {}, {App: "blog", Name: "2"}: {}}, "blog.3"},
		"half applied":    {executor.Applied{{App: "blog", Name: "1"}: {}}, "blog.2 blog.3"},
	} {
		g, err := executor.NewGraph([]executor.App{a}, executor.Config{Applied: tc.applied})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(names(g.All(tc.applied)), " "); got != tc.want {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
}

func TestEditedGapsAndUnknown(t *testing.T) {
	t.Parallel()
	db := open(t)
	g := graph(t, blog([]operations.Operation{operations.AddField{Model: "Post", Field: operations.Int("x").Null()}}))
	mustMigrate(t, db, g, "blog", "")
	applied, err := executor.ReadApplied(t.Context(), db, dialectOf(t))
	if err != nil {
		t.Fatal(err)
	}
	if edited := g.Edited(applied); len(edited) > 0 {
		t.Errorf("unchanged migrations count as edited: %v", edited)
	}
	changed := graph(t, blog([]operations.Operation{operations.AddField{Model: "Post", Field: operations.Int("y").Null()}}))
	if edited := changed.Edited(applied); len(edited) != 1 || edited[0].String() != "blog.0002_step" {
		t.Errorf("edited: got %v", edited)
	}
	delete(applied, executor.Key{App: "blog", Name: "0001_step"})
	if err := g.Gaps(applied); err == nil || !strings.Contains(err.Error(), "blog.0002_step, but not blog.0001_step") {
		t.Errorf("a gap gives %v", err)
	}
	if unknown := graph(t, blog()).Unknown(applied); len(unknown) != 1 || unknown[0].Name != "0002_step" {
		t.Errorf("unknown: got %v", unknown)
	}
}

// TestAliasFollowsItsModelThroughRenames replays migrations from before the user model was renamed.
func TestAliasFollowsItsModelThroughRenames(t *testing.T) {
	t.Parallel()
	accounts := chain("accounts",
		[]operations.Operation{operations.CreateModel{Name: "User", Fields: []operations.Field{operations.BigAuto("id")}}},
		[]operations.Operation{operations.RenameModel{From: "User", To: "Member"}})
	log := chain("log", []operations.Operation{operations.CreateModel{Name: "Entry", Fields: []operations.Field{operations.BigAuto("id"), operations.ForeignKey("user", "auth.User")}}})
	log.Migrations[0].Depends = []operations.Dependency{operations.OnModel("auth.User")}
	g, err := executor.NewGraph([]executor.App{log, accounts}, executor.Config{Aliases: map[string]string{"auth.User": "accounts.Member"}})
	if err != nil {
		t.Fatal(err)
	}
	db := open(t)
	mustMigrate(t, db, g, "log", "")
	want(t, "the reference", query(t, db, `SELECT "table" FROM pragma_foreign_key_list('log_entry')`), []string{"accounts_user"})
	mustMigrate(t, db, g, "accounts", "")
	want(t, "the reference", query(t, db, `SELECT "table" FROM pragma_foreign_key_list('log_entry')`), []string{"accounts_member"})
	mustMigrate(t, db, g, "accounts", "0001")
	want(t, "the reference", query(t, db, `SELECT "table" FROM pragma_foreign_key_list('log_entry')`), []string{"accounts_user"})
}
