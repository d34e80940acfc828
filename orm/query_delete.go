package orm

import "context"

// Delete removes every row and what goes along with it, through the same rules as DB.Delete: protected rows refuse, hooks
// run. It answers how many rows of the model there were.
func (q AnyQuery) Delete(ctx context.Context) (int64, error) {
	var n int64
	if q.err != nil {
		return 0, q.err
	}
	err := q.db.Atomic(ctx, func(ctx context.Context) error {
		bare := q
		bare.query.Related, bare.prefetch = nil, nil
		objects, err := bare.All(ctx)
		if err != nil || len(objects) == 0 {
			return err
		}
		n = int64(len(objects))
		plan, err := q.db.CollectDelete(ctx, objects...)
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
