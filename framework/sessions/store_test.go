package sessions_test

import (
	"testing"

	"github.com/quintetgo/quintet/framework/sessions"
	"github.com/quintetgo/quintet/framework/sessions/sessionstest"
)

func TestMemoryStore(t *testing.T) {
	t.Parallel()
	sessionstest.Run(t, func(*testing.T) sessions.Store { return sessions.NewMemoryStore() })
}
