package generate_test

import (
	"testing"

	"github.com/quintetgo/quintet/orm/generate"
)

// The packages of this repository carry generated columns, which the compiler checks: they must be those of today.
func TestRepositoryIsUpToDate(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"../internal/fixture", "../internal/fixture/people"} {
		changed, err := generate.App(dir, !*update)
		if err != nil {
			t.Fatal(err)
		}
		if len(changed) > 0 && !*update {
			t.Errorf("%s: %q are stale; run go test ./orm/generate -update", dir, changed)
		}
	}
}
