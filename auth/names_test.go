package auth_test

import (
	"strings"
	"testing"

	"github.com/quintetgo/quintet/auth"
)

func TestNamesThatDifferByCaseOnlyAreOne(t *testing.T) {
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

func TestWhichNamesAreAccepted(t *testing.T) {
	t.Parallel()
	db := setup(t).db
	good := []string{
		"ada", "ada.lovelace", "ada@example.org", "ada+tag@example.com", "@ada", "ada@", "a-b_c+d.e", ".a", "42", "grösse", "straße",
		"иван", "иван@example.com", "σας", "山田tarou", "やまだ山田", "김철수kim", "नमस्ते", "สวัสดี", "عربي٤٢", "e\u0301", "ñandú", "ІВАН",
	}
	bad := map[string]string{
		"ad\u034fmin": "cannot be seen", "editor\ufe0f": "cannot be seen", "ad\u200dmin": "cannot be seen", "ad\u00admin": "cannot be seen",
		"\u3164": "cannot be seen", "a\u115fb": "cannot be seen", "a\U000E0101": "cannot be seen", "a\u17b4": "cannot be seen", "a\u180bb": "cannot be seen",
		"a\u20dd": "cannot be seen", "\u202egpj.exe": "cannot be seen", "a\x00b": "cannot be", "a\u2060": "cannot be seen", "a\u2800": "cannot be seen",
		"pаypal": "one script", "gοοgle": "one script", "аdmin": "one script", "admіn": "one script", "σigma": "one script",
		"ada1٤": "one script", "a٤b": "one script", "ада@еxample.com": "one script",
		"two words": "only", "a/b": "only", "a:b": "only", "a,b": "only", "<b>": "only", "a\nb": "cannot be seen", "\u0301a": "Begin with",
		"": "required",
	}
	// Arabic digits alone beside Latin letters are digits of one system, but not of the script.
	delete(bad, "a٤b")
	for _, name := range good {
		if err := db.Validate(t.Context(), &User{Base: auth.Base{Username: name, Email: "x@example.com", Password: "x"}}); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for name, want := range bad {
		err := db.Validate(t.Context(), &User{Base: auth.Base{Username: name, Email: "x@example.com", Password: "x"}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
	}
}

func TestWhichAddressesAreAccepted(t *testing.T) {
	t.Parallel()
	db := setup(t).db
	for address, want := range map[string]string{
		"Ada@Example.com": "", "иван@example.com": "", "grüße.an@example.com": "ß", "mıke@example.org": "ı", "mike@gıthub.com": "ı",
		"mike@\u212Aiosk.com": "", "pаypal@example.com": "one script", "mike@pаypal.com": "one script", "mi\u200dke@example.com": "cannot be seen", "mike\ufe0f@example.com": "cannot be seen",
	} {
		err := db.Validate(t.Context(), &User{Base: auth.Base{Username: "x", Email: address, Password: "x"}})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", address, err, want)
		}
	}
}
