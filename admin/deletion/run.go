package deletion

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/admin/audit"
	"github.com/quintetgo/quintet/admin/env"
	"github.com/quintetgo/quintet/orm/schema"
)

// Outcome is the result of a deletion.
type Outcome int

// The outcomes.
const (
	Deleted     Outcome = iota
	Blocked             // protected objects or missing permissions prevent it
	Unconfirmed         // the number of objects was not typed correctly
)

// Result is the result of [Run]. Nothing is deleted unless Outcome is Deleted.
type Result struct {
	Outcome Outcome
	Deleted int // the number of given objects that this call deleted
	Missing int // the number of given objects that no longer existed
	Plan    *Plan
}

// errUndo ends a transaction whose outcome is known.
var errUndo = errors.New("deletion undone")

// Run deletes objects of one model with everything that refers to them, and records each of them in the history.
// confirm is the number that the user typed, "" if none was asked for. Objects that no longer exist are skipped and
// counted as missing.
//
// The result is set for every outcome; with an error of [Options.Around] it holds the plan as well.
func Run(ctx context.Context, e env.Env, o Options, model *schema.Model, objects []any, confirm string) (Result, error) {
	var result Result
	err := e.DB.For(model).Atomic(ctx, func(ctx context.Context) error {
		result = Result{}
		present, err := existing(ctx, e, model, objects)
		if err != nil {
			return err
		}
		result.Deleted, result.Missing = len(present), len(objects)-len(present)
		if len(present) == 0 {
			return nil
		}
		plan, err := Collect(ctx, e, o, present...)
		if err != nil {
			return err
		}
		result.Plan = plan
		switch {
		case plan.Blocked():
			result.Outcome = Blocked
			return errUndo
		case plan.NeedsConfirmation() && strings.TrimSpace(confirm) != strconv.FormatInt(plan.Total(), 10):
			result.Outcome = Unconfirmed
			return errUndo
		}
		return plan.execute(ctx, present)
	})
	if err != nil {
		result.Deleted = 0
	}
	if errors.Is(err, errUndo) {
		err = nil
	}
	return result, err
}

// execute deletes, and records the deletion of the objects.
func (p *Plan) execute(ctx context.Context, objects []any) error {
	entries := make([]*audit.LogEntry, len(objects))
	for i, obj := range objects {
		entries[i] = p.options.Entry(obj)
		if p.deletesActor() {
			entries[i].UserID = nil
		}
	}
	execute := func(ctx context.Context) error {
		_, err := p.deletion.Execute(ctx)
		return err
	}
	if p.options.Around != nil {
		inner := execute
		execute = func(ctx context.Context) error { return p.options.Around(ctx, p.models(), inner) }
	}
	if err := execute(ctx); err != nil {
		return err
	}
	for _, entry := range entries { // after the deletion, which may include rows that an entry would refer to
		if err := audit.Record(ctx, p.env.DB, entry); err != nil {
			return err
		}
	}
	return nil
}

// existing reads the objects again, inside the transaction that deletes them.
func existing(ctx context.Context, e env.Env, model *schema.Model, objects []any) ([]any, error) {
	keys := make([]any, len(objects))
	for i, obj := range objects {
		keys[i] = model.PK.Value(obj)
	}
	return e.Objects(model).Where("pk__in", keys).OrderBy("pk").All(ctx)
}
