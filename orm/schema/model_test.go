package schema_test

import (
	"testing"

	"github.com/quintetgo/quintet/orm/schema"
)

func TestVisible(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"a": true, "7": true, "–": true, "語": true, "🙂": true, " x ": true, "\u202egnp": true,
		"": false, " ": false, "\n\t": false, "\u00a0": false, "\u200b": false, "\u200d\ufeff": false, "\x00": false,
		"\u3164": false, "\u2800": false, "\u0301": false, "\u202e": false,
	} {
		if got := schema.Visible(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
