package password_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/auth/password"
)

func TestHashIsCheckedByItsPasswordOnly(t *testing.T) {
	t.Parallel()
	encoded, err := password.Hash(t.Context(), "a long pässword 中")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(encoded, "$argon2id$v=19$m=47104,t=1,p=1$") {
		t.Errorf("hash %q has other parameters than documented", encoded)
	}
	for plain, want := range map[string]bool{"a long pässword 中": true, "a long pässword": false, "": false} {
		ok, upgrade, err := password.Check(t.Context(), plain, encoded)
		if err != nil || ok != want || upgrade {
			t.Errorf("Check(%q) = %v, upgrade %v, %v; want %v, no upgrade", plain, ok, upgrade, err, want)
		}
	}
	second, err := password.Hash(t.Context(), "a long pässword 中")
	if err != nil {
		t.Fatal(err)
	}
	if second == encoded {
		t.Error("two hashes of one password are equal: the salt is not fresh")
	}
}

func TestWeakerHashIsAcceptedAndUpgraded(t *testing.T) {
	t.Parallel()
	// argon2id with 64 KiB of "quintet-password", made with the reference parameters below.
	weak := weakHash(t, "quintet-password")
	ok, upgrade, err := password.Check(t.Context(), "quintet-password", weak)
	if err != nil || !ok || !upgrade {
		t.Errorf("Check of a weak hash = %v, upgrade %v, %v; want true, true, nil", ok, upgrade, err)
	}
	if ok, upgrade, _ := password.Check(t.Context(), "other", weak); ok || upgrade {
		t.Error("a wrong password must neither match nor upgrade")
	}
}

func TestUnusableMatchesNothing(t *testing.T) {
	t.Parallel()
	unusable := password.Unusable()
	if password.Usable(unusable) || password.Usable("") {
		t.Error("an unusable or empty hash says it is usable")
	}
	if ok, _, err := password.Check(t.Context(), unusable, unusable); ok || err != nil {
		t.Errorf("Check = %v, %v; want false, nil", ok, err)
	}
}

func TestMalformedHashes(t *testing.T) {
	t.Parallel()
	for _, encoded := range []string{
		"plain", "$argon2i$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA", "$argon2id$v=16$m=64,t=1,p=1$c2FsdA$AAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$m=99999999,t=1,p=1$c2FsdA$AAAAAAAAAAAAAAAAAAAAAA", "$argon2id$v=19$m=64,t=0,p=1$c2FsdA$AAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$m=64,t=1,p=1$$AAAAAAAAAAAAAAAAAAAAAA", "$argon2id$v=19$m=64,t=1,p=1$c2FsdA$AA", "$argon2id$v=19$m=64,t=1,p=1x$c2FsdA$AAAAAAAAAAAAAAAAAAAAAA",
	} {
		if _, _, err := password.Check(t.Context(), "x", encoded); !errors.Is(err, password.ErrMalformed) {
			t.Errorf("Check against %q: error %v, want ErrMalformed", encoded, err)
		}
	}
}

func TestHashRefusesWhatIsTooLong(t *testing.T) {
	t.Parallel()
	if _, err := password.Hash(t.Context(), strings.Repeat("x", password.MaxLength+1)); !errors.Is(err, password.ErrTooLong) {
		t.Errorf("error %v, want ErrTooLong", err)
	}
}

func TestHashGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	// A free slot may win the race against a done context: what must not happen is another error.
	if _, err := password.Hash(ctx, "whatever it is"); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want nil or context.Canceled", err)
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	about := password.About{Username: "reinhardt", Email: "django@example.org", Name: "Django Reinhardt"}
	for plain, want := range map[string]string{
		"short":              "too short",
		"48151623421":        "only digits",
		"password123":        "most used",
		"Sunshine2025":       "most used",
		"abcabcabcabc":       "most used",
		"!!football!!":       "most used",
		"reinhardt1":         "username",
		"django@example.org": "email",
		"Django Reinhardt1":  "name",
		"minor swing, 1937":  "",
		"les nuages passent": "",
		"中文密码也可以用的哦":         "",
	} {
		got := fmt.Sprint(password.Validate(plain, about))
		if want == "" && got != "[]" || !strings.Contains(got, want) {
			t.Errorf("Validate(%q) = %q, want %q in it", plain, got, want)
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA")
	f.Add("!x")
	f.Fuzz(func(t *testing.T, encoded string) {
		if strings.Count(encoded, "$") == 5 {
			return // could be a real hash, which takes long on purpose
		}
		if ok, _, _ := password.Check(t.Context(), "x", encoded); ok {
			t.Errorf("%q matched", encoded)
		}
	})
}
