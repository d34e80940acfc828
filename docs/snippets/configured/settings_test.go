package configured_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/docs/snippets/configured"
)

func TestSettingsComeFromTheEnvironment(t *testing.T) {
	t.Chdir(t.TempDir()) // the generated secret key is written to the working directory
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte("sk_live\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DEBUG", "true")
	t.Setenv("STRIPE_KEY_FILE", key)
	s, err := configured.Load()
	if err != nil || s.StripeKey.Reveal() != "sk_live" || s.PerPage != 20 || !s.Debug {
		t.Errorf("settings %+v, %v", s, err)
	}
	if text := fmt.Sprint(s.StripeKey); strings.Contains(text, "live") {
		t.Errorf("the secret is shown as %s", text)
	}
}

func TestAllMistakesAtOnce(t *testing.T) {
	t.Setenv("DEBUG", "false")
	t.Setenv("PER_PAGE", "many")
	_, err := configured.Load()
	for _, want := range []string{"STRIPE_KEY", "SECRET_KEY", "PER_PAGE"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
}
