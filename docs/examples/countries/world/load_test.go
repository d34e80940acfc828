package world_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/docs/examples/countries/world"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/ormtest/testdb"
)

// loaded is a database with the real lists.
func loaded(t *testing.T) *orm.DB {
	t.Helper()
	if _, err := os.Stat(filepath.Join(world.ListsDir, "iso_3166-1.json")); err != nil {
		t.Skip("the lists are not installed: apt install iso-codes")
	}
	db := testdb.Open(t, world.App{})
	if _, err := world.Load(t.Context(), db, world.ListsDir, world.LocalesDir); err != nil {
		t.Fatal(err)
	}
	return db
}

// entries counts the entries of a list in its file.
func entries(t *testing.T, name string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(world.ListsDir, "iso_"+name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var file map[string][]json.RawMessage
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	return len(file[name])
}

func TestTheRealListsAreLoaded(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	ctx := t.Context()
	count := func() []int {
		var list []int
		for _, model := range []string{"world.Country", "world.Subdivision", "world.Language", "world.Currency", "world.CountryName"} {
			n, err := dynamic.From(db, model).Count(ctx)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, int(n))
		}
		return list
	}
	got := count()
	want := []int{entries(t, "3166-1"), entries(t, "3166-2"), entries(t, "639-3"), entries(t, "4217")}
	if !slices.Equal(got[:4], want) {
		t.Errorf("%v rows, want %v", got, want)
	}
	if want[0] < 240 || want[1] < 4500 || want[2] < 7500 || want[3] < 150 {
		t.Errorf("the lists hold %v entries: they are not the ones this test knows", want)
	}

	if _, err := world.Load(ctx, db, world.ListsDir, world.LocalesDir); err != nil {
		t.Fatalf("a second time: %v", err)
	}
	if again := count(); !slices.Equal(again, got) {
		t.Errorf("%v rows after a second time, want %v", again, got)
	}

	parts, err := orm.From(db, world.Subdivisions).Filter(world.Subdivisions.Parent().Code.Eq("AZ-NX")).Count(ctx)
	if err != nil || parts < 7 {
		t.Errorf("Nakhchivan has %d parts, %v", parts, err)
	}
	currencies, err := orm.From(db, world.Currencies).Filter(world.Currencies.Countries().Alpha2.Eq("CH")).Count(ctx)
	if err != nil || currencies < 1 {
		t.Errorf("Switzerland has %d currencies, %v", currencies, err)
	}
}

func TestNamesAreFoundWhateverTheirLetters(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	for _, test := range []struct{ model, lookup, value, want string }{
		{"world.Country", "name__icontains", "åland", "Åland Islands"},
		{"world.Country", "name__icontains", "TÜRKİYE", ""}, // a dotted capital I is another letter than the capital of i
		{"world.Country", "name__istartswith", "TÜRK", "Türkiye"},
		{"world.Country", "name__icontains", "CÔTE", "Côte d'Ivoire"},
		{"world.Country", "name__icontains", "co\u0302te", "Côte d'Ivoire"}, // the accent as a character of its own
		{"world.Country", "flag", "🇯🇵", "Japan"},
		{"world.Subdivision", "name", "Kǝngǝrli", "Kǝngǝrli (AZ-KAN)"},
		{"world.Subdivision", "name__icontains", "SÃO PAULO", "São Paulo (BR-SP)"},
		{"world.Subdivision", "name__icontains", "abū z̧aby", "Abū Z̧aby (AE-AZ)"},
		{"world.Language", "name", "ǂUngkue", "ǂUngkue"},
		{"world.Language", "name__icontains", "KƐLƐNGAXO", "Kɛlɛngaxo Bozo"},
		{"world.Language", "name__icontains", "' OR 1=1 --", ""},
	} {
		rows, err := dynamic.From(db, test.model).Where(test.lookup, test.value).All(t.Context())
		if err != nil {
			t.Errorf("%s %s %q: %v", test.model, test.lookup, test.value, err)
			continue
		}
		var names []string
		for _, row := range rows {
			names = append(names, row.(interface{ String() string }).String())
		}
		if test.want == "" && len(names) > 0 || test.want != "" && !slices.Contains(names, test.want) {
			t.Errorf("%s %s %q found %q, want %q", test.model, test.lookup, test.value, names, test.want)
		}
	}
}

func TestNamesInOtherScriptsLeadToTheirCountry(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	q := world.Countries
	for alpha2, word := range map[string]string{"JP": "日本", "GR": "ελλάδα", "UA": "УКРАЇНА", "GE": "საქართველო", "EG": "مصر", "TH": "ไทย"} {
		name, err := orm.From(db, world.CountryNames).Exists(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !name { // a slim image of Debian leaves translations out, so they are written by hand
			country, err := orm.From(db, q).Filter(q.Alpha2.Eq(alpha2)).Get(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			language, err := orm.From(db, world.Languages).First(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := db.Create(t.Context(), &world.CountryName{Country: country, Language: language, Name: strings.ToLower(word)}); err != nil {
				t.Fatal(err)
			}
		}
		found, err := orm.From(db, q).Filter(q.Names().Name.IContains(word)).All(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(found, func(c *world.Country) bool { return c.Alpha2 == alpha2 }) {
			t.Errorf("%s finds %v, not %s", word, found, alpha2)
		}
	}
}

func TestBrokenListsChangeNothing(t *testing.T) {
	t.Parallel()
	db := testdb.Open(t, world.App{})
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "iso_"+name+".json"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("3166-1", `{"3166-1":[{"alpha_2":"XX","alpha_3":"XXX","numeric":"999","name":"Nowhere"}]}`)
	write("639-3", `{"639-3":[]}`)
	write("4217", `{"4217":[{"alpha_3":"XXC","numeric":"998","name":"Coin"}]}`)
	for text, want := range map[string]string{
		`{"3166-2":[{"code":"YY-1","name":"Part","type":"Province"}]}`: "YY-1",
		`{"other":[]}`: `no "3166-2"`,
		`{`:            "iso_3166-2.json",
	} {
		write("3166-2", text)
		_, err := world.Load(t.Context(), db, dir, "")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want an error with %s", text, err, want)
		}
		if n, err := dynamic.From(db, "world.Country").Count(t.Context()); n != 0 || err != nil {
			t.Errorf("%s: %d countries were written, %v", text, n, err)
		}
	}
	if _, err := world.Load(t.Context(), db, filepath.Join(dir, "absent"), ""); err == nil || !strings.Contains(err.Error(), "absent") {
		t.Errorf("got %v for a folder that does not exist", err)
	}
}
