// Package deletion deletes objects for the admin together with everything that refers to them. [Collect] returns
// what would be deleted, for the page that asks for confirmation; [Run] collects again, checks the confirmation and
// deletes, in one transaction.
package deletion

import (
	"context"

	"github.com/quintetgo/quintet/admin/audit"
	"github.com/quintetgo/quintet/admin/env"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/schema"
)

// Options configures deletions.
type Options struct {
	// ConfirmAbove is the number of objects above which the user must type their number. 0 asks for every deletion.
	ConfirmAbove int64

	// Forbidden reports whether the current user may not delete the rows of a group. Rows of automatic through
	// tables are counted, but not among the group's Objects.
	Forbidden func(ctx context.Context, group orm.DeletionGroup) (bool, error)

	// Around runs the deletion of objects of the models, inside the transaction. It returns the error of execute,
	// or another error to undo the deletion. Nil calls execute only.
	Around func(ctx context.Context, models []*schema.Model, execute func(context.Context) error) error

	// Entry returns the history entry for a deleted object. It is called before the deletion.
	Entry func(obj any) *audit.LogEntry

	// Users is the model of users, nil if there is none. Entries do not refer to a current user who is deleted with the
	// objects.
	Users *schema.Model
}

// Plan is a deletion that has not been executed.
type Plan struct {
	env       env.Env
	options   Options
	deletion  *orm.Deletion
	forbidden []orm.DeletionGroup
}

// Collect finds everything that is deleted or changed with the objects. It writes nothing.
func Collect(ctx context.Context, e env.Env, o Options, objects ...any) (*Plan, error) {
	deletion, err := e.DB.CollectDelete(ctx, objects...)
	if err != nil {
		return nil, err
	}
	p := &Plan{env: e, options: o, deletion: deletion}
	for _, group := range deletion.Groups {
		if group.Count == 0 {
			continue
		}
		forbidden, err := o.Forbidden(ctx, group)
		if err != nil {
			return nil, err
		}
		if forbidden {
			p.forbidden = append(p.forbidden, group)
		}
	}
	return p, nil
}

// Total returns the number of objects that would be deleted. Rows of automatic through tables are not counted.
func (p *Plan) Total() int64 {
	var n int64
	for _, group := range p.deletion.Groups {
		if !group.Model.Auto {
			n += group.Count
		}
	}
	return n
}

// NeedsConfirmation reports whether the user must type the number of objects.
func (p *Plan) NeedsConfirmation() bool { return p.Total() > p.options.ConfirmAbove }

// Blocked reports whether protected objects or missing permissions prevent the deletion.
func (p *Plan) Blocked() bool { return len(p.deletion.Protected) > 0 || len(p.forbidden) > 0 }

func (p *Plan) models() []*schema.Model {
	var models []*schema.Model
	for _, group := range p.deletion.Groups {
		if group.Count > 0 {
			models = append(models, group.Model)
		}
	}
	return models
}

// deletesActor reports whether the current user is among the objects.
func (p *Plan) deletesActor() bool {
	for _, group := range p.deletion.Groups {
		if group.Model != p.options.Users {
			continue
		}
		for _, obj := range group.Objects {
			if group.Model.PK.Value(obj) == any(p.env.UserID) {
				return true
			}
		}
	}
	return false
}
