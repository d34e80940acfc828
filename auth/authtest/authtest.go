// Package authtest creates users for tests and logs them in without their password.
//
//	ada := authtest.Create(t, db, &accounts.User{Base: auth.Base{Username: "ada", IsStaff: true}})
//	client := webtest.New(t, project)
//	authtest.Login(t, client, ada)
package authtest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/framework/webtest"
	"github.com/quintetgo/quintet/orm"
)

// Password is the password of users from [Create].
const Password = "correct horse battery"

// passwordHash is a cheap hash of Password; a login replaces it with one of the usual cost.
const passwordHash = "$argon2id$v=19$m=8,t=1,p=1$cXVpbnRldCBhdXRodGVzdA$Hs0FNcdfQ+zbsTdkwz7cM4l1PzrsGET1CTWUW64wuLY"

// Create stores user, a pointer to the project's user model, and returns it. If they are empty, it sets the user name, the
// email address, and the password to [Password]. The user is active. An error fails the test.
func Create[U auth.Identity](t testing.TB, db *orm.DB, user U) U {
	t.Helper()
	account := user.Account()
	if account.Username == "" {
		account.Username = "user"
	}
	if account.Email == "" {
		account.Email = account.Username + "@example.com"
	}
	if account.Password == "" {
		account.Password = passwordHash
	}
	account.IsActive = true
	if err := db.Create(t.Context(), user); err != nil {
		t.Fatalf("create user %q: %v", account.Username, err)
	}
	return user
}

// Grant adds permissions to user by their names, such as "blog.change_post". It creates permissions that do not exist. An
// error fails the test.
func Grant(t testing.TB, db *orm.DB, user auth.Identity, names ...string) {
	t.Helper()
	for _, name := range names {
		app, codename, ok := strings.Cut(strings.ToLower(name), ".")
		if !ok {
			t.Fatalf("grant %q: a permission is named app.codename, as in blog.change_post", name)
		}
		permission, err := orm.Objects[auth.Permission](db).Where("app", app).Where("codename", codename).First(t.Context())
		if err != nil || permission == nil {
			permission = &auth.Permission{App: app, Codename: codename, Name: name}
			if err := db.Create(t.Context(), permission); err != nil {
				t.Fatalf("grant %q: %v", name, err)
			}
		}
		if err := db.Related(user, "permissions").Add(t.Context(), permission); err != nil {
			t.Fatalf("grant %q: %v", name, err)
		}
	}
}

// Login logs the client in as user, without a password. The client's handler must include the middleware of auth.App.
func Login(t testing.TB, client *webtest.Client, user auth.Identity) {
	t.Helper()
	before := len(client.Cookies("/"))
	r := client.Request(http.MethodGet, "/.authtest/login", nil)
	client.Do(r.WithContext(auth.ForceLogin(r.Context(), user)))
	if len(client.Cookies("/")) == before && before == 0 {
		t.Fatalf("log in %s: no session was created; is auth.App part of the project, and is the user stored?", user)
	}
}
