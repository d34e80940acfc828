package sqltext_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm/internal/sqltext"
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

func TestRequote(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]string{
		`"price" >= 0`:                      "`price` >= 0",
		`lower("a""b") = 'say "hi"' -- "x"`: "lower(`a\"b`) = 'say \"hi\"' -- \"x\"",
		"price > 0 AND `other` = [third]":   "price > 0 AND `other` = [third]",
		"\"odd`name\" IS NULL":              "`odd``name` IS NULL",
	} {
		if got := sqltext.Requote(sql, '`'); got != want {
			t.Errorf("%s: got %s, want %s", sql, got, want)
		}
	}
}

func TestParseTable(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]string{
		"CREATE TABLE t (a int, b text)":                                                                            "{[] [] false}",
		"CREATE TABLE t (a int CHECK (a > 0) COLLATE nocase, b AS (a || ',') STORED)":                               "{[{a nocase  false} {b  a || ',' true}] [{ a > 0}] false}",
		`CREATE TABLE "check" ("check" int, [unique] text, CONSTRAINT "c d" CHECK ("check" IN (1, 2)))`:             `{[] [{c d "check" IN (1, 2)}] false}`,
		"CREATE TABLE t (a int NOT NULL ON CONFLICT IGNORE)":                                                        "{[] [] true}",
		"CREATE TABLE t (a decimal(10, 2) CONSTRAINT x NOT NULL CONSTRAINT y CHECK(a) CHECK (b), b)":                "{[] [{y a} { b}] false}",
		"CREATE TABLE t (a text DEFAULT (')') -- CHECK (b)\n, /* , */ b text DEFAULT 'x, CHECK (y)' COLLATE RTRIM)": "{[{b RTRIM  false}] [] false}",
		"create table t(a,\n check(a  >\t1),foreign key(a) references u(b), primary key(a))":                        "{[] [{ a > 1}] false}",
		"CREATE TABLE t (a generated always as (1)) STRICT":                                                         "{[{a  1 false}] [] false}",
	} {
		if got := fmt.Sprint(sqltext.ParseTable(sql)); got != want {
			t.Errorf("%s: got %s, want %s", sql, got, want)
		}
	}
	if !sqltext.Same(`"A">1 and b = 'X'`, "a > 1 AND [b]='X'") || sqltext.Same("a = 'x'", "a = 'X'") || sqltext.Same("ab", "a b") {
		t.Error("Same is wrong")
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
		sqltext.ParseTable(sql)
		sqltext.ParseTable("CREATE TABLE t (a CHECK (" + sql)
		if !sqltext.Same(sql, sql) {
			t.Errorf("%q is not the same as itself", sql)
		}
		sqltext.TriggerWaitsFor(sql, "a")
		sqltext.MayMean(sql, "a", true)
	})
}
