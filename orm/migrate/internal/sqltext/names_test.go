package sqltext_test

import (
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm/migrate/internal/sqltext"
)

func TestRenameColumn(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]string{
		"price > 0":                      "cost > 0",
		`"price" > 0 AND note='price'`:   `"cost" > 0 AND note='price'`,
		"[price]>`price`":                "[cost]>`cost`",
		"prices + pre_price":             "prices + pre_price",
		"price(price)":                   "price(cost)",
		"price.price > 1":                "price.cost > 1",
		"a COLLATE price":                "a COLLATE price",
		"price -- price\n/* price */+ 1": "cost -- price\n/* price */+ 1",
		"1.5 < PRICE and x'70' <> price": "1.5 < cost and x'70' <> cost",
	} {
		if got := sqltext.RenameColumn(sql, "price", "cost"); got != want {
			t.Errorf("%s: got %s, want %s", sql, got, want)
		}
	}
	if got := sqltext.RenameColumn("price > 0", "price", "list price"); got != `"list price" > 0` {
		t.Errorf("got %s", got)
	}
}

func TestUnqualify(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]string{
		"lib_book.read + lib_book.unread = 100":   "read + unread = 100",
		`"lib_book"."read" > 0`:                   `"read" > 0`,
		"main.lib_book.read > 0":                  "read > 0",
		"LIB_BOOK . read>'lib_book.read'":         "read>'lib_book.read'",
		"other.read > 1.5":                        "other.read > 1.5",
		"lib_book > 0":                            "lib_book > 0",
		"json_extract(lib_book.data, '$.a.b')=1.": "json_extract(data, '$.a.b')=1.",
	} {
		if got := sqltext.Unqualify(sql, "lib_book"); got != want {
			t.Errorf("%s: got %s, want %s", sql, got, want)
		}
	}
}

func TestIndexUses(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]bool{
		"CREATE INDEX a ON t (note)":                      true,
		`CREATE INDEX a ON t ("note" DESC)`:               true,
		"CREATE INDEX a ON t (x) WHERE note > 1":          true,
		"CREATE INDEX a ON t (lower(note))":               true,
		"CREATE INDEX note ON note (x)":                   false,
		"CREATE INDEX a ON t (note(x))":                   false,
		"CREATE INDEX a ON t (x COLLATE note)":            false,
		"CREATE INDEX a ON t (x) WHERE y = 'note'":        false,
		"CREATE INDEX a ON t (x) -- note (note)":          false,
		"CREATE UNIQUE INDEX a ON t (json_extract(x, 1))": false,
	} {
		if got := sqltext.IndexUses(sql, "note"); got != want {
			t.Errorf("%s: got %v", sql, got)
		}
	}
}

func FuzzNames(f *testing.F) {
	for _, sql := range []string{"a > 'b''c'", `"a" = 1`, "[a", "x'", "a.b.c", "/* a", "--", "UPDATE OF a ON b"} {
		f.Add(sql)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		if got := sqltext.RenameColumn(sql, "never_there", "x"); !strings.Contains(strings.ToLower(sql), "never_there") && got != sql {
			t.Errorf("%q became %q", sql, got)
		}
		if got := sqltext.Unqualify(sql, "never_there"); !strings.Contains(strings.ToLower(sql), "never_there") && got != sql {
			t.Errorf("%q became %q", sql, got)
		}
		sqltext.RenameTable(sql, "a", "b")
		sqltext.IndexUses(sql, "a")
		sqltext.TriggerWaitsFor(sql, "a")
		sqltext.MayMean(sql, "a", true)
	})
}
