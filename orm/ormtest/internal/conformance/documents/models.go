// Package documents compares every lookup in JSON with an evaluation in Go.
package documents

import (
	"encoding/json"

	"github.com/quintetgo/quintet/orm"
)

// Document is a row with a JSON value, or NULL.
type Document struct {
	ID       int64
	No       int64 // the number of the value
	Data     *json.RawMessage
	FolderID int64
	Folder   *Folder
}

// Fields implements orm's Fielder.
func (d *Document) Fields(f *orm.Fields) {
	orm.FK(f, &d.Folder).OnDelete(orm.Cascade).Related("documents")
}

// Folder has several documents, or none.
type Folder struct {
	ID int64
	No int64
}

// App has the models.
type App struct{}

// Name returns "documents".
func (App) Name() string { return "documents" }

// Models returns the models.
func (App) Models() []any { return []any{&Folder{}, &Document{}} }

// stored are the values of the rows; "" is NULL. Each of inner is stored as the value of the key k too.
var (
	inner = []string{
		`null`, `true`, `false`, `0`, `1`, `1.0`, `-1.5`, `2`, `9007199254740991`, `1e20`, `"1"`, `"true"`, `"null"`, `""`, `"a"`, `"A"`, `"ab"`,
		`"Äpfel"`, `"a%_b"`, `"日本"`, `"\""`, `"\\"`, `"\n"`, `"2024-02-29"`, `[]`, `{}`, `[1, 2]`,
		`[2, 1, 1]`, `["a", null]`, `[[1], {"k": 1}]`, `{"k": 1}`, `{"k": 1.0, "b": "a"}`,
		`{"0": "zero"}`, `["zero", {"x": true}]`, `{"k": null}`, `{"k": {"k": "a"}}`,
	}
	more = []string{
		``, `{"K": 1}`, `{"k ": 1}`, `{"a.b": 1}`, `{"k\"": 1}`, `{"Ä": "a", "k": "b"}`,
		`{"01": 1, "-1": 2}`, `{"exact": 1}`, `{"'": 1, "$": 2}`,
	}
)

func stored() []string {
	list := append([]string{}, more...)
	for _, text := range inner {
		list = append(list, text, `{"k": `+text+`}`)
	}
	return list
}

// test is a lookup: the keys, the lookup, and the value as a program writes it.
type test struct {
	keys   []string
	lookup string
	value  any
}

// tests returns the lookups to compare.
func tests() (list []test) {
	add := func(lookup string, values []any, paths ...[]string) {
		for _, keys := range paths {
			for _, value := range values {
				list = append(list, test{keys, lookup, value})
			}
		}
	}
	scalars := []any{
		true, false, 0, 1, 2, int64(9007199254740991), 1.0, -1.5, 1e20, "", "1", "true", "null", "a", "A", "ab", "Äpfel",
		"a%_b", "日本", `"`, `\`, "\n", "2024-02-29",
	}
	k, kk, k0 := []string{"k"}, []string{"k", "k"}, []string{"k", "0"}
	others := [][]string{
		{"K"}, {"k "}, {"a.b"}, {`k"`}, {"Ä"}, {"0"}, {"01"}, {"-1"}, {"'"}, {"$"}, {"k", "1", "x"}, {"k", "k", "k"}, {"exact"},
	}
	add("exact", scalars, k, kk, k0)
	add("exact", []any{1, true, "a", "b", "zero"}, others...)
	for _, lookup := range []string{"gt", "gte", "lt", "lte"} {
		add(lookup, []any{0, 1, 1.5, -2, int64(9007199254740990), "a", "A", "", "ä", "2024"}, k, k0)
	}
	for _, lookup := range []string{"iexact", "icontains", "startswith", "istartswith", "endswith", "iendswith"} {
		add(lookup, []any{"", "a", "A", "äp", "ÄPFEL", "%", "_", "1", "true", "null", "本", `"`, `\`}, k, k0)
	}
	add("regex", []any{"^a", "^$", "[0-9]", "true", `\pL`, "."}, k, k0)
	add("iregex", []any{"^A", "ÄPF"}, k)
	add("in", []any{[]any{1, "a", true}, []any{"A", nil}, []any{}, []string{"a", "1"}, []int{0, 2}}, k, k0)
	add("range", []any{[]any{0, 1}, []any{"A", "a"}, []any{-2.5, 1e21}}, k)
	add("isnull", []any{true, false}, append([][]string{nil, k, kk, k0}, others...)...)
	add("exact", []any{nil}, nil, k, k0)
	documents := []any{}
	for _, text := range inner {
		documents = append(documents, json.RawMessage(text))
	}
	documents = append(documents, map[string]any{"k": 1}, []int{1, 2}, map[string]any{}, []any{})
	for _, lookup := range []string{"exact", "contains", "contained_by"} {
		add(lookup, documents, nil, k)
	}
	add("contains", []any{1, "a", true, []any{1}, []any{[]any{1}}, []any{nil}, map[string]any{"k": map[string]any{}}}, nil, k, kk)
	add("contained_by", []any{
		map[string]any{"k": 1, "b": "a", "c": []int{1}},
		[]any{1, 2, "a", nil, []any{1, 2}},
		map[string]any{"k": []any{1, 2, "a", nil}},
	}, nil, k)
	add("has_key", []any{"k", "K", "k ", "a.b", `k"`, "Ä", "0", "01", "-1", "'", "$", "absent", "a"}, nil, k)
	add("has_keys", []any{[]string{"k", "b"}, []string{"k"}, []string{}, []string{"-1", "01"}, []string{"Ä", "k"}}, nil, k)
	add("has_any_keys", []any{[]string{"k", "b"}, []string{"K", "-1"}, []string{}, []string{"a", "1"}}, nil, k)
	return list
}
