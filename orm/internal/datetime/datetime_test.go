package datetime_test

import (
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm/internal/datetime"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-07-01":                       "2026-07-01T00:00:00Z",
		"2026-07-01 10:20:30.123456+00:00": "2026-07-01T10:20:30.123456Z",
		"2026-07-01 10:20:30+00:00":        "2026-07-01T10:20:30Z",
		"2026-07-01 10:20:30":              "2026-07-01T10:20:30Z",
		"2026-07-01T10:20:30+02:00":        "2026-07-01T08:20:30Z",
		"2026-07-01T10:20":                 "2026-07-01T10:20:00Z",
		"9999-12-31 23:59:59.999999+00:00": "9999-12-31T23:59:59.999999Z",
		"0001-01-01 00:00:00+00:00":        "0001-01-01T00:00:00Z",
		"2024-02-29":                       "2024-02-29T00:00:00Z",
		"15:04:05.5":                       "0000-01-01T15:04:05.5Z",
	} {
		got, ok := datetime.Parse(text)
		if !ok || got.Format(time.RFC3339Nano) != want {
			t.Errorf("Parse(%q) = %s, %v; want %s", text, got.Format(time.RFC3339Nano), ok, want)
		}
	}
	for _, text := range []string{
		"", "31/12/2025 10:00", "2025-02-29", "2025-13-01", "2025-00-10", "10000-01-01 00:00:00+00:00", "-001-01-01", "2026-07-01 24:00:00", "2026-07-01 10:61:00",
		"2026-07-01 10:20:30.", "2026-07-01x", "now", "1751365230",
	} {
		if got, ok := datetime.Parse(text); ok {
			t.Errorf("Parse(%q) = %v; want it refused", text, got)
		}
	}
}

// FuzzParse compares the quick way with that of package time.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"2026-07-01 10:20:30.123456+00:00", "2026-07-01", "2026-02-30", "0000-00-00", "2026-07-01 10:20:30.1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := datetime.Parse(text)
		for _, layout := range []string{"2006-01-02 15:04:05.999999999-07:00", "2006-01-02 15:04:05.999999999", "2006-01-02"} {
			want, err := time.Parse(layout, text)
			if err == nil && (!ok || !got.Equal(want)) {
				t.Errorf("Parse(%q) = %v, %v; want %v", text, got, ok, want)
			}
		}
	})
}
