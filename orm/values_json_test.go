package orm_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/schema"
)

func deep(levels int) string { return strings.Repeat("[", levels) + strings.Repeat("]", levels) }

func nested(levels int) any {
	var v any = 1
	for range levels {
		v = []any{v}
	}
	return v
}

func TestInvalidJSON(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	row := &Paper{Raw: json.RawMessage(`{"a": 1}`), Text: `[]`, Bytes: []byte(`null`)}
	mustCreate(t, db, row)
	for _, bad := range []string{"{", `{"a":}`, "[1,]", "nope", `{"a":1} x`, deep(5000), deep(schema.MaxJSONDepth + 1), "\"\xff\"", `{"a":NaN}`} {
		wantInvalid(t, db.Create(t.Context(), &Paper{Raw: json.RawMessage(bad), Text: `1`}), "raw", "RawMessage "+bad[:1])
		wantInvalid(t, db.SkipValidation().Create(t.Context(), &Paper{Raw: json.RawMessage(bad), Text: `1`}), "raw", "without validation")
		wantInvalid(t, db.Create(t.Context(), &Paper{Text: bad}), "text", "string "+bad[:1])
		wantInvalid(t, db.Create(t.Context(), &Paper{Text: `1`, Bytes: []byte(bad)}), "bytes", "bytes "+bad[:1])
		wantInvalid(t, db.CreateAll(t.Context(), []*Paper{{Raw: json.RawMessage(bad), Text: `1`}}), "raw", "CreateAll")
		wantInvalid(t, db.Save(t.Context(), &Paper{ID: row.ID, Raw: json.RawMessage(bad), Text: `1`}), "raw", "Save")
		_, err := dynamic.From(db, "vault.Paper").Update(t.Context(), map[string]any{"raw": json.RawMessage(bad)})
		wantInvalid(t, err, "raw", "Update")
	}
	for field, p := range map[string]*Paper{
		"map":   {Text: `1`, Map: map[string]any{"a": nested(schema.MaxJSONDepth)}},
		"typed": {Text: `1`, Typed: orm.NewJSON(nested(schema.MaxJSONDepth + 1))},
	} {
		wantInvalid(t, db.Create(t.Context(), p), field, "too deep")
	}
	wantInvalid(t, db.Create(t.Context(), &Paper{Text: `1`, Map: map[string]any{"a": math.NaN()}}), "map", "NaN")
	wantInvalid(t, db.Create(t.Context(), &Paper{Text: `1`, Typed: orm.NewJSON[any](math.Inf(1))}), "typed", "infinity")
	limit := &Paper{Raw: json.RawMessage(deep(schema.MaxJSONDepth)), Text: deep(schema.MaxJSONDepth), Map: map[string]any{"a": "]]]]\\\"[[[["}}
	mustCreate(t, db, limit)
	wantCount(t, dynamic.From(db, "vault.Paper").Where("map__has_key", "a"), 1, "the deepest that is taken can be read")
	wantCount(t, dynamic.From(db, "vault.Paper").Where("raw__has_key", "a"), 1, "the deepest that is taken can be read")
}

// A text that no JSON function can read must not break the queries of its table.
func TestLookupsOnInvalidRows(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	mustCreate(t, db, &Paper{Title: "good", Raw: json.RawMessage(`{"a": {"1": [7]}, "l": ["x"]}`), Text: `1`}, &Paper{Title: "bad", Text: `1`}, &Paper{Title: "blob", Text: `1`})
	for _, broken := range []string{"'{'", "''", "'" + deep(5000) + "'", "x'00ff'"} {
		if _, err := db.Exec(t.Context(), "UPDATE vault_paper SET raw = "+broken+" WHERE title <> 'good'"); err != nil {
			t.Fatal(err)
		}
		q := dynamic.From(db, "vault.Paper")
		for lookup, value := range map[string]any{
			"raw__a__has_key": "1", "raw__has_key": "a", "raw__a__1__0": 7, "raw__l__0": "x", "raw__has_keys": []string{"a", "l"}, "raw__has_any_keys": []string{"l", "z"},
			"raw__contains": map[string]any{"l": []string{"x"}}, "raw__l__contained_by": []string{"x", "y"}, "raw__a__isnull": false,
		} {
			wantCount(t, q.Where(lookup, value), 1, broken[:min(len(broken), 5)]+" "+lookup)
			wantCount(t, q.WhereNot(lookup, value), 2, broken[:min(len(broken), 5)]+" not "+lookup)
		}
		if _, err := q.OrderBy("raw__a").Values(t.Context(), "title", "raw__a__1"); err != nil {
			t.Errorf("%s: %v", broken[:min(len(broken), 5)], err)
		}
	}
}

func TestJSONKeys(t *testing.T) {
	t.Parallel()
	keys := []string{
		"a", "ab", `a"b`, `a\b`, `a\"b`, "a\nb", "a.b", "a b", "", "1", "07", "-1", "0", "1.5", "1e3", "$", "[0]", "$.a", "a'b", "ä", "a\u0308", "日本", "<&>", "\u2028", "a[0]", "has_key", "A",
		"12345678901234567890", `"`, `\`, `""`, "😀", "a\t", " a",
	}
	db := openVault(t)
	for i, key := range keys {
		p := &Paper{Title: fmt.Sprint(i), Map: map[string]any{key: i, "in": map[string]any{key: i}}, Text: `1`}
		escaped := ""
		for _, r := range key {
			if r > 0xffff {
				escaped += string(r)
			} else {
				escaped += fmt.Sprintf(`\u%04x`, r)
			}
		}
		p.Raw = json.RawMessage(fmt.Sprintf(`{"%s": %d}`, escaped, i)) // the same key, written in another way
		mustCreate(t, db, p)
	}
	q := dynamic.From(db, "vault.Paper")
	for i, key := range keys {
		only := func(lookup string, value any) {
			t.Helper()
			rows, err := q.Where(lookup, value).Values(t.Context(), "title")
			if err != nil || len(rows) != 1 || rows[0]["title"] != fmt.Sprint(i) {
				t.Errorf("%q, %v: got %v, %v, want %d", lookup, value, rows, err, i)
			}
		}
		only("map__has_key", key)
		only("raw__has_key", key)
		only("map__in__has_key", key)
		only("map__has_keys", []string{"in", key})
		only("map__has_any_keys", []string{key})
		if !strings.Contains(key, "__") {
			only("map__"+key+"__exact", i)
			only("raw__"+key+"__exact", i)
			only("map__in__"+key+"__exact", i)
			only("map__"+key+"__isnull", false)
		}
	}
	wantLookup(t, q.Where("map__a\xff__exact", 1), "a key that is no UTF-8")
	wantLookup(t, q.Where("map__has_key", 1), "a key that is no text")
	wantLookup(t, q.Where("map__has_keys", []int{1}), "keys that are no texts")
}

func TestNumbersAreIndexesAndKeys(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	mustCreate(t, db, &Paper{Title: "list", Raw: json.RawMessage(`{"x": ["p", "q", {"2": "r"}]}`), Text: `1`}, &Paper{Title: "object", Raw: json.RawMessage(`{"x": {"1": "q", "01": "s"}}`), Text: `1`})
	q := dynamic.From(db, "vault.Paper")
	for lookup, want := range map[string]int64{
		"raw__x__1=q": 2, "raw__x__0=p": 1, "raw__x__01=s": 1, "raw__x__01=q": 0, "raw__x__2__2=r": 1, "raw__x__-1=r": 0, "raw__x__3=q": 0, "raw__x__1__2=q": 0,
	} {
		name, value, _ := strings.Cut(lookup, "=")
		wantCount(t, q.Where(name, value), want, lookup)
	}
	wantCount(t, q.Where("raw__x__has_key", "1"), 1, "has_key is about objects")
}

func TestContainment(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	documents := map[string]string{
		"flat": `{"a": 1, "b": "x", "c": null}`, "deep": `{"a": {"b": [1, 2, {"c": true}]}, "d": 1.0}`, "list": `[1, "x", [2, 3], {"k": "v"}]`, "text": `"x"`, "one": `1`, "null": `null`, "big": `{"n": 12345678901234567890}`,
	}
	for title, raw := range documents {
		mustCreate(t, db, &Paper{Title: title, Raw: json.RawMessage(raw), Text: `1`})
	}
	titles := func(lookup string, part any) string {
		t.Helper()
		rows, err := dynamic.From(db, "vault.Paper").Where(lookup, part).OrderBy("title").Values(t.Context(), "title")
		if err != nil {
			t.Errorf("%s %v: %v", lookup, part, err)
		}
		var all []string
		for _, row := range rows {
			all = append(all, row["title"].(string))
		}
		return strings.Join(all, " ")
	}
	for part, want := range map[string]string{ // as the operator @> of PostgreSQL has it
		`{}`: "big deep flat", `{"a": 1}`: "flat", `{"a": 1.0, "c": null}`: "flat", `{"a": 2}`: "", `{"a": {"b": [2, 1]}}`: "deep", `{"a": {"b": [{"c": true}]}}`: "deep", `{"a": {"b": [{"c": false}]}}`: "",
		`{"d": 10e-1}`: "deep", `[]`: "list", `["x", 1, 1]`: "list", `[[3]]`: "list", `[3]`: "", `[{"k": "v"}]`: "list", `"x"`: "list text", `1`: "list one", `"b"`: "", `null`: "null", `{"n": 12345678901234567890}`: "big", `{"n": 12345678901234567891}`: "", `true`: "",
	} {
		if got := titles("raw__contains", json.RawMessage(part)); got != want {
			t.Errorf("contains %s: got %q, want %q", part, got, want)
		}
	}
	for whole, want := range map[string]string{
		`{"a": 1, "b": "x", "c": null, "z": 0}`: "flat", `{"a": 1}`: "", `[1, "x", [2, 3, 4], {"k": "v"}, 5]`: "list one text", `"x"`: "text", `[null]`: "null", `{}`: "",
	} {
		if got := titles("raw__contained_by", json.RawMessage(whole)); got != want {
			t.Errorf("contained by %s: got %q, want %q", whole, got, want)
		}
	}
	if got := titles("raw__a__b__contains", []int{1}); got != "deep" {
		t.Errorf("a part of a part: got %q", got)
	}
	if got := titles("raw__contains", map[string]any{"b": "x"}); got != "flat" {
		t.Errorf("a Go value: got %q", got)
	}
	if got := titles("raw__icontains", "CONTAINS"); got != "" {
		t.Errorf("text search: got %q", got)
	}
	if got := titles("raw__b__icontains", "X"); got != "flat" {
		t.Errorf("text search in a key: got %q", got)
	}
	wantLookup(t, dynamic.From(db, "vault.Paper").Where("raw__contains", json.RawMessage("{")), "broken JSON")
	wantLookup(t, dynamic.From(db, "vault.Paper").Where("raw__contains", math.NaN()), "NaN")
}
