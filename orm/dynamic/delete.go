package dynamic

import (
	"context"

	"github.com/quintetgo/quintet/orm/internal/erase"
)

// Delete deletes every row and the rows that depend on them, by the OnDelete rules of their relations: protected rows are a
// [*fault.ProtectedError], and hooks run. It returns the number of rows of the query's model. It runs in a transaction.
func (q Query) Delete(ctx context.Context) (int64, error) {
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
		plan, err := erase.Collect(ctx, q.session, objects...)
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
