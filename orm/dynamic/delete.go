package dynamic

import (
	"context"

	"github.com/quintetgo/quintet/orm/internal/erase"
	"github.com/quintetgo/quintet/orm/internal/session"
)

// Delete deletes, or marks as deleted if the model has a field for that, every row and the rows that depend on them, by the
// OnDelete rules of their relations: protected rows are a [*fault.ProtectedError], and hooks run. It returns the number of rows of
// the query's model. It runs in a transaction.
func (q Query) Delete(ctx context.Context) (int64, error) { return q.delete(ctx, erase.Collect) }

// HardDelete removes every row, also of a model whose rows Delete marks. Otherwise it does what Delete does. Rows that are
// marked already are removed too if the query is [Query.WithDeleted].
func (q Query) HardDelete(ctx context.Context) (int64, error) {
	return q.delete(ctx, erase.CollectHard)
}

func (q Query) delete(
	ctx context.Context, collect func(context.Context, *session.Session, ...any) (*erase.Plan, error),
) (int64, error) {
	var n int64
	if q.err != nil {
		return 0, q.err
	}
	err := q.session.Atomic(ctx, func(ctx context.Context) error {
		plain := q
		plain.query.Related, plain.prefetch = nil, nil
		objects, err := plain.All(ctx)
		if err != nil || len(objects) == 0 {
			return err
		}
		n = int64(len(objects))
		plan, err := collect(ctx, q.session, objects...)
		if err != nil {
			return err
		}
		_, err = plan.Execute(ctx)
		return err
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}
