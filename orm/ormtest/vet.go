package ormtest

import (
	"errors"
	"testing"

	"github.com/quintetgo/quintet/orm/internal/vet"
)

// Vet reports a test error for each query in the packages below the test's directory that uses columns of the wrong
// model, which the compiler cannot detect. It runs the program ormvet, which the module's go.mod must list as a tool,
// with go vet. It skips the test if there is no go command.
func Vet(t testing.TB) {
	t.Helper()
	findings, err := vet.Run(t.Context(), ".")
	if errors.Is(err, vet.ErrNoGo) {
		t.Skip("ormtest: there is no go command to run ormvet with")
	}
	if err != nil {
		t.Fatalf("ormtest: %v", err)
	}
	for _, f := range findings {
		t.Errorf("%s: %s", f.Place, f.Message)
	}
}
