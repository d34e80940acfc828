package queries_test

import (
	"testing"

	"github.com/quintetgo/quintet/docs/snippets/queries"
	"github.com/quintetgo/quintet/orm/ormtest"
)

func TestLoadingTakesTwoStatements(t *testing.T) {
	t.Parallel()
	db := library(t)
	ormtest.Queries(t, db, 2, func() {
		if _, err := queries.Loaded(t.Context(), db); err != nil {
			t.Error(err)
		}
	})
}
