package world

import "testing"

// catalog holds "A" and its translation "Ω", little-endian.
const catalog = "\xde\x12\x04\x95\x00\x00\x00\x00\x01\x00\x00\x00\x1c\x00\x00\x00\x24\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" +
	"\x01\x00\x00\x00\x2c\x00\x00\x00\x02\x00\x00\x00\x2e\x00\x00\x00A\x00Ω\x00"

func TestParseCatalog(t *testing.T) {
	t.Parallel()
	words, err := parseCatalog([]byte(catalog))
	if err != nil || len(words) != 1 || words["A"] != "Ω" {
		t.Errorf("got %q, %v", words, err)
	}
	for _, broken := range []string{"", "not a catalog, though long enough to be one", catalog[:40], catalog[:30]} {
		if words, err := parseCatalog([]byte(broken)); err == nil {
			t.Errorf("%q is read as %q", broken, words)
		}
	}
}

func FuzzParseCatalog(f *testing.F) {
	f.Add([]byte(catalog))
	f.Fuzz(func(_ *testing.T, b []byte) {
		_, _ = parseCatalog(b)
	})
}
