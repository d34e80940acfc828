package auth_test

import (
	"strings"
	"testing"

	"github.com/quintetgo/quintet/auth"
)

func TestNamesAreCaseInsensitive(t *testing.T) {
	t.Parallel()
	for _, names := range [][]string{
		{"straße", "STRASSE", "Strasse", "STRAẞE"},
		{"ΣΑΣ", "σας", "σασ", "Σας"},
		{"ﬁsh", "FISH", "ｆｉｓｈ"},
		{"Ǆ", "ǅ", "ǆ"},
		{"K", "K", "k"},
		{"e\u0301", "É", "é"},
		{"ŉ", "ʼN"},
		{"ᾳ", "ᾼ", "αι"},
		{"Ada@Example.COM", "ada@example.com"},
	} {
		for _, name := range names[1:] {
			if got, want := auth.Normalize(name), auth.Normalize(names[0]); got != want {
				t.Errorf("%q is %q, %q is %q", name, got, names[0], want)
			}
		}
	}
}

func TestUsernameValidation(t *testing.T) {
	t.Parallel()
	db := setup(t).db
	good := []string{
		"ada", "ada.lovelace", "ada@example.org", "ada+tag@example.com", "@ada", "ada@", "a-b_c+d.e", ".a", "42", "grösse", "straße",
		"иван", "иван@example.com", "σας", "山田tarou", "やまだ山田", "김철수kim", "नमस्ते", "สวัสดี", "عربي٤٢", "e\u0301", "ñandú", "ІВАН",
	}
	bad := map[string]string{
		"ad\u034fmin": "invisible", "editor\ufe0f": "invisible", "ad\u200dmin": "invisible", "ad\u00admin": "invisible",
		"\u3164": "invisible", "a\u115fb": "invisible", "a\U000E0101": "invisible", "a\u17b4": "invisible", "a\u180bb": "invisible",
		"a\u20dd": "invisible", "\u202egpj.exe": "invisible", "a\x00b": "cannot be", "a\u2060": "invisible", "a\u2800": "invisible",
		"pаypal": "one script", "gοοgle": "one script", "аdmin": "one script", "admіn": "one script", "σigma": "one script",
		"ada1٤": "one script", "a٤b": "one script", "ада@еxample.com": "one script",
		"two words": "only", "a/b": "only", "a:b": "only", "a,b": "only", "<b>": "only", "a\nb": "invisible", "\u0301a": "Begin with",
		"": "required",
	}
	// Arabic digits alone beside Latin letters are digits of one system, but not of the script.
	delete(bad, "a٤b")
	for _, name := range good {
		if err := db.ValidateFields(t.Context(), &User{Base: auth.Base{Username: name}}, "username"); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for name, want := range bad {
		err := db.ValidateFields(t.Context(), &User{Base: auth.Base{Username: name}}, "username")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
	}
}

func TestEmailValidation(t *testing.T) {
	t.Parallel()
	db := setup(t).db
	for address, want := range map[string]string{
		"Ada@Example.com": "", "иван@example.com": "", "grüße.an@example.com": "ß", "mıke@example.org": "ı", "mike@gıthub.com": "ı",
		"mike@\u212Aiosk.com": "", "pаypal@example.com": "one script", "mike@pаypal.com": "one script", "mi\u200dke@example.com": "invisible", "mike\ufe0f@example.com": "invisible",
	} {
		err := db.ValidateFields(t.Context(), &User{Base: auth.Base{Email: address}}, "email")
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", address, err, want)
		}
	}
}
