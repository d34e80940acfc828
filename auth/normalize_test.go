package auth_test

import (
	"testing"

	"github.com/quintetgo/quintet/auth"
)

func TestNormalize(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		" Ada ": "ada", "ＡＤＡ": "ada", "ﬁsh": "fish", "GRÖSSE": "grösse", "e\u0301": "é", "": "", "\t": "",
	} {
		if got := auth.Normalize(in); got != want {
			t.Errorf("Normalize(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzNormalize(f *testing.F) {
	for _, seed := range []string{"Ada", "İ", "ǅ", "ﬃ", "Å", "K", " \u00a0x", "ς"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		once := auth.Normalize(name)
		if twice := auth.Normalize(once); twice != once {
			t.Fatalf("Normalize(%q) = %q, and of that %q", name, once, twice)
		}
	})
}
