package auth_test

import (
	"testing"
	"testing/synctest"

	"github.com/quintetgo/quintet/auth"
)

func TestStop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // fails if a goroutine is left
		app := auth.New[User](nil)
		if err := app.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		if err := app.Start(t.Context()); err != nil {
			t.Error(err)
		}
		if err := app.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
