package auth_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/sessions"
	"github.com/quintetgo/quintet/orm"
)

// run runs a command of the app. Input is what a user enters at a terminal; "" means that there is
// none.
func run(t *testing.T, app *auth.App[User], input string, args ...string) (code int, output string) {
	t.Helper()
	var out bytes.Buffer
	code = command.Main(t.Context(), command.Program{Name: "shop", Commands: app.Commands()}, args,
		command.Call{In: strings.NewReader(input), Out: &out, Err: &out, Terminal: input != ""})
	return code, out.String()
}

const goodPassword = "seven green bottles"

func superuser(t *testing.T, f *fixture, username string) *User {
	t.Helper()
	u, err := orm.Objects[User](f.db).Where("username", username).First(t.Context())
	if err != nil || u == nil {
		t.Fatalf("no user %q: %v", username, err)
	}
	return u
}

func TestCreateSuperuserFromTheEnvironment(t *testing.T) {
	t.Setenv("QUINTET_SUPERUSER_PASSWORD", goodPassword)
	f := setup(t)
	code, out := run(t, f.app, "", "createsuperuser", "--email", "Grace@Example.com", "--no-input")
	if code != 0 || !strings.Contains(out, "grace") || strings.Contains(out, goodPassword) {
		t.Fatalf("exit %d: %s", code, out)
	}
	u := superuser(t, f, "grace")
	if u.Email != "grace@example.com" || !u.IsSuperuser || !u.IsStaff || !u.IsActive {
		t.Errorf("stored %+v", u.Base)
	}
	if _, err := f.app.Authenticate(t.Context(), "grace", goodPassword); err != nil {
		t.Errorf("login: %v", err)
	}
	for name, c := range map[string]struct {
		args []string
		code int
		want string
	}{
		"the same again":    {[]string{"--email", "grace@example.com"}, 1, "already"},
		"a taken name":      {[]string{"--email", "x@example.com", "--username", "ADA"}, 1, "username already"},
		"no address":        {nil, 2, "--email"},
		"a broken one":      {[]string{"--email", "nonsense"}, 1, "email"},
		"another's address": {[]string{"--email", "y@example.com", "--username", "grace@example.com"}, 1, "username"},
		"a bad name":        {[]string{"--email", "y@example.com", "--username", "y z"}, 1, "username"},
		"an unknown flag":   {[]string{"--mail", "x"}, 2, "--email"},
	} {
		code, out := run(t, f.app, "", append([]string{"createsuperuser", "--no-input"}, c.args...)...)
		if code != c.code || !strings.Contains(out, c.want) || strings.Contains(out, "goroutine") {
			t.Errorf("%s: exit %d, %q; want %d and %q", name, code, out, c.code, c.want)
		}
	}
	t.Setenv("QUINTET_SUPERUSER_PASSWORD", "password")
	if code, out := run(t, f.app, "", "createsuperuser", "--email", "z@example.com", "--no-input"); code != 1 || !strings.Contains(out, "too short") {
		t.Errorf("a weak password: exit %d, %q", code, out)
	}
}

func TestCreateSuperuserPromptsOnTerminals(t *testing.T) {
	t.Setenv("QUINTET_SUPERUSER_PASSWORD", "")
	f := setup(t)
	if code, out := run(t, f.app, "", "createsuperuser", "--email", "grace@example.com"); code != 2 || !strings.Contains(out, "QUINTET_SUPERUSER_PASSWORD") {
		t.Errorf("without a terminal: exit %d, %q", code, out)
	}
	answers := strings.Join([]string{"grace@example.com", "hopper", "short", goodPassword, "other", goodPassword, goodPassword, ""}, "\n")
	code, out := run(t, f.app, answers, "createsuperuser")
	if code != 0 || !strings.Contains(out, "too short") || !strings.Contains(out, "not the same") {
		t.Fatalf("exit %d: %s", code, out)
	}
	if u := superuser(t, f, "hopper"); u.Email != "grace@example.com" {
		t.Errorf("stored %+v", u.Base)
	}
}

func TestChangePasswordCommand(t *testing.T) {
	t.Setenv("QUINTET_SUPERUSER_PASSWORD", goodPassword)
	f := setup(t)
	if code, out := run(t, f.app, "", "changepassword", "ada@example.com"); code != 0 {
		t.Fatalf("exit %d: %s", code, out)
	}
	if _, err := f.app.Authenticate(t.Context(), "ada", goodPassword); err != nil {
		t.Error(err)
	}
	if code, out := run(t, f.app, "", "changepassword", "nobody"); code != 1 || !strings.Contains(out, `"nobody"`) {
		t.Errorf("an unknown user: exit %d, %q", code, out)
	}
	if code, _ := run(t, f.app, "", "changepassword"); code != 2 {
		t.Errorf("without a user: exit %d", code)
	}
}

func TestClearSessions(t *testing.T) {
	t.Parallel()
	f := setup(t)
	store := auth.NewSessionStore(f.db)
	if err := store.Create(t.Context(), sessions.Record{ID: "old", Data: []byte("{}")}); err != nil {
		t.Fatal(err)
	}
	if code, out := run(t, f.app, "", "clearsessions"); code != 0 {
		t.Fatalf("exit %d: %s", code, out)
	}
	if n, err := orm.Objects[auth.Session](f.db).Count(t.Context()); err != nil || n != 0 {
		t.Errorf("%d sessions are left, %v", n, err)
	}
}

func TestChecksReportUserModel(t *testing.T) {
	t.Parallel()
	f := setup(t)
	if problems := f.app.Checks(t.Context()); len(problems) != 0 {
		t.Errorf("a good one: %v", problems)
	}
	type bare struct{ ID int64 }
	for id, app := range map[string]interface {
		Checks(context.Context) []check.Problem
	}{
		"auth.E001": auth.New[User](nil),
		"auth.E002": auth.New[bare](f.db),
		"auth.E003": auth.New[struct{ auth.Base }](f.db),
	} {
		problems := app.Checks(t.Context())
		if len(problems) != 1 || problems[0].ID != id || problems[0].Hint == "" {
			t.Errorf("%s: got %v", id, problems)
		}
	}
}
