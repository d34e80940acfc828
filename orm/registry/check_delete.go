package registry

import (
	"context"
	"fmt"

	"github.com/quintetgo/quintet/orm/internal/problem"
	"github.com/quintetgo/quintet/orm/schema"
)

// checkDatabaseCascade returns what goes wrong when the database deletes rows of a foreign key's model: it applies no rule
// of the program to the rows that refer to those, and runs no hooks.
func checkDatabaseCascade(f *schema.Field) []problem.Problem {
	if f.Relation.OnDelete != schema.DBCascade {
		return nil
	}
	var found []problem.Problem
	m := f.Model
	for _, r := range m.Reverse {
		if r.Kind == schema.KindManyToMany || r.OnDelete == schema.DoNothing || r.OnDelete.Action() != "" || r.Field == f {
			continue
		}
		who, remedy := r.Field.String(), "Give it DBCascade, DBSetNull or DBSetDefault too, or "+f.Name+" a rule without DB."
		if r.From.Auto {
			who, remedy = r.From.AutoOf.String(), "Give "+f.Name+" a rule without DB, or write a through model whose keys are DBCascade."
		}
		found = append(found, problem.Error("orm.E041", f.String(), fmt.Sprintf(
			"the database deletes rows of %s without applying the rule of %s to those that refer to them", m, who), remedy))
	}
	if hooks := deleteHooks(m); hooks != "" {
		found = append(found, problem.Warning("orm.W010", f.String(), fmt.Sprintf(
			"%s of %s does not run for rows that the database deletes", hooks, m), "Use Cascade instead of DBCascade if it has to run."))
	}
	return found
}

// deleteHooks returns the name of a hook that runs when an object of the model is deleted, or "".
func deleteHooks(m *schema.Model) string {
	switch m.Zero().(type) {
	case interface{ BeforeDelete(context.Context) error }:
		return "BeforeDelete"
	case interface{ AfterDelete(context.Context) error }:
		return "AfterDelete"
	}
	return ""
}
