package sqltext_test

import (
	"strconv"
	"testing"

	"github.com/quintetgo/quintet/orm/internal/sqltext"
)

func TestPlaceholders(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]string{
		"SELECT ? WHERE a = ?":                     "SELECT $1 WHERE a = $2",
		"SELECT '?', \"?\", `?` -- ?\n, ? /* ? */": "SELECT '?', \"?\", `?` -- ?\n, $1 /* ? */",
		"SELECT data ?? 'k' AND x = ?":             "SELECT data ? 'k' AND x = $1",
		"SELECT 'it''s ?', ?":                      "SELECT 'it''s ?', $1",
		"SELECT ?::int":                            "SELECT $1::int",
		"":                                         "",
	} {
		if got, _ := sqltext.Placeholders(sql, func(n int) string { return "$" + strconv.Itoa(n) }); got != want {
			t.Errorf("%s: got %s, want %s", sql, got, want)
		}
	}
}
