package bank

import (
	"context"
	"errors"

	"github.com/quintetgo/quintet/orm"
)

// Transfer moves money from one account to another, wholly or not at all.
func Transfer(ctx context.Context, db *orm.DB, from, to int64, amount int64) error {
	return db.Atomic(ctx, func(ctx context.Context) error {
		if err := add(ctx, db, to, amount); err != nil {
			return err
		}
		return add(ctx, db, from, -amount)
	})
}

// add changes a balance by a computation in the database, so that no change of others is lost.
func add(ctx context.Context, db *orm.DB, id, amount int64) error {
	q := Accounts
	n, err := orm.From(db, q).Filter(q.ID.Eq(id)).Update(ctx, q.Balance.SetTo(q.Balance.Add(amount)))
	if err == nil && n == 0 {
		return orm.ErrNotFound
	}
	return err
}

// OpenAll opens accounts and returns the owners who have one already.
func OpenAll(ctx context.Context, db *orm.DB, owners ...string) (known []string, err error) {
	err = db.Atomic(ctx, func(ctx context.Context) error {
		for _, owner := range owners {
			err := db.Atomic(ctx, func(ctx context.Context) error {
				return db.Create(ctx, &Account{Owner: owner})
			})
			if broken, ok := errors.AsType[*orm.IntegrityError](err); ok && broken.Kind == orm.IntegrityUnique {
				known = append(known, owner) // undone to the savepoint; the transaction continues
			} else if err != nil {
				return err
			}
		}
		return nil
	})
	return known, err
}

// Total adds up all balances twice, and sees the same both times.
func Total(ctx context.Context, db *orm.DB) (first, second int64, err error) {
	q := Accounts
	err = db.Atomic(ctx, func(ctx context.Context) error {
		if first, err = orm.Aggregate(ctx, orm.From(db, q), q.Balance.Sum()); err != nil {
			return err
		}
		second, err = orm.Aggregate(ctx, orm.From(db, q), q.Balance.Sum())
		return err
	}, orm.ReadOnly, orm.RepeatableRead)
	return first, second, err
}

// Level moves money so that two accounts have the same, and begins again after a conflict with another transaction.
func Level(ctx context.Context, db *orm.DB, one, two int64) error {
	return db.Atomic(ctx, func(ctx context.Context) error {
		accounts, err := orm.ByKey(ctx, orm.From(db, Accounts), one, two)
		if err != nil {
			return err
		}
		if len(accounts) != 2 {
			return orm.ErrNotFound
		}
		difference := accounts[one].Balance - accounts[two].Balance
		return Transfer(ctx, db, one, two, difference/2)
	}, orm.Serializable, orm.Retry(5))
}

// Withdraw takes money out of an account that no other transaction changes meanwhile.
func Withdraw(ctx context.Context, db *orm.DB, id, amount int64) error {
	return db.Atomic(ctx, func(ctx context.Context) error {
		account, err := orm.From(db, Accounts).Filter(Accounts.ID.Eq(id)).ForUpdate().Get(ctx)
		if err != nil {
			return err
		}
		account.Balance -= amount
		return db.SaveFields(ctx, account, "balance")
	})
}
