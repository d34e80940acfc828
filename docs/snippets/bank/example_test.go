package bank_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/quintetgo/quintet/docs/internal/dialects"
	"github.com/quintetgo/quintet/docs/snippets/bank"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// open returns a new database in memory with two accounts.
func open(ctx context.Context) (db *orm.DB, ada, bob *bank.Account) {
	db = orm.MustOpen("sqlite::memory:", sqlite.Driver)
	must(migrate.Register(db, bank.App{}))
	must(migrate.CreateTables(ctx, db))
	ada, bob = &bank.Account{Owner: "Ada", Balance: 1000}, &bank.Account{Owner: "Bob"}
	must(db.CreateAll(ctx, []*bank.Account{ada, bob}))
	return db, ada, bob
}

func must(err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		log.Fatal(err)
	}
}

// balances prints what each account holds.
func balances(ctx context.Context, db *orm.DB) {
	accounts, err := orm.From(db, bank.Accounts).All(ctx)
	must(err)
	for i, account := range accounts {
		if i > 0 {
			fmt.Print(", ")
		}
		fmt.Print(account.Owner, " ", account.Balance)
	}
	fmt.Println()
}

func Example() {
	ctx := context.Background()
	db, ada, bob := open(ctx)
	fmt.Println(bank.Transfer(ctx, db, ada.ID, bob.ID, 300))
	balances(ctx, db)
	fmt.Println(bank.Transfer(ctx, db, ada.ID, bob.ID, 5000))
	balances(ctx, db)
	// Output:
	// <nil>
	// Ada 700, Bob 300
	// orm: update bank.Account: check constraint "bank_account_balance" violated: CHECK constraint failed: bank_account_balance
	// Ada 700, Bob 300
}

func Example_savepoint() {
	ctx := context.Background()
	db, _, _ := open(ctx)
	known, err := bank.OpenAll(ctx, db, "Cleo", "Ada", "Dan")
	fmt.Println(known, err)
	balances(ctx, db)
	// Output:
	// [Ada] <nil>
	// Ada 1000, Bob 0, Cleo 0, Dan 0
}

func Example_savepointByHand() {
	ctx := context.Background()
	db, ada, _ := open(ctx)
	err := db.Atomic(ctx, func(ctx context.Context) error {
		point, err := db.Savepoint(ctx)
		if err != nil {
			return err
		}
		ada.Balance = 0
		if err := db.SaveFields(ctx, ada, "balance"); err != nil {
			return err
		}
		return point.Rollback(ctx)
	})
	must(err)
	balances(ctx, db)
	_, err = db.Savepoint(ctx)
	fmt.Println(err)
	// Output:
	// Ada 1000, Bob 0
	// orm: Savepoint outside a transaction; call it inside Atomic, with the context passed to its function
}

func Example_onCommit() {
	ctx := context.Background()
	db, ada, bob := open(ctx)
	notify := func(text string) error { fmt.Println("mail:", text); return nil }
	err := db.Atomic(ctx, func(ctx context.Context) error {
		orm.OnCommit(ctx, func(context.Context) error { return notify("Ada sent you 300") })
		return bank.Transfer(ctx, db, ada.ID, bob.ID, 300)
	})
	fmt.Println(err)

	err = db.Atomic(ctx, func(ctx context.Context) error {
		orm.OnCommit(ctx, func(context.Context) error { return notify("Ada sent you 5000") })
		return bank.Transfer(ctx, db, ada.ID, bob.ID, 5000)
	})
	fmt.Println(err != nil)
	// Output:
	// mail: Ada sent you 300
	// <nil>
	// true
}

func Example_durable() {
	ctx := context.Background()
	db, ada, bob := open(ctx)
	err := db.Atomic(ctx, func(ctx context.Context) error {
		return db.Atomic(ctx, func(ctx context.Context) error {
			return bank.Transfer(ctx, db, ada.ID, bob.ID, 300)
		}, orm.Durable)
	})
	fmt.Println(err)
	// Output:
	// orm: Atomic with Durable inside another transaction, which could roll back what is meant to be permanent; call it outside of Atomic
}

func Example_isolation() {
	ctx := context.Background()
	db, ada, bob := open(ctx)
	fmt.Println(bank.Total(ctx, db))
	err := db.Atomic(ctx, func(ctx context.Context) error {
		return bank.Transfer(ctx, db, ada.ID, bob.ID, 300)
	}, orm.ReadOnly)
	fmt.Println(err)
	err = db.Atomic(ctx, func(ctx context.Context) error {
		return bank.Level(ctx, db, ada.ID, bob.ID)
	})
	fmt.Println(err)
	// Output:
	// 1000 1000 <nil>
	// orm: update bank.Account: this transaction is read-only; write outside of it, or remove orm.ReadOnly from its Atomic
	// orm: Atomic with the isolation level Serializable inside a transaction of the level Default; pass it to the outermost Atomic
}

func Example_retry() {
	ctx := context.Background()
	db, ada, bob := open(ctx)
	fmt.Println(bank.Level(ctx, db, ada.ID, bob.ID))
	balances(ctx, db)
	// Output:
	// <nil>
	// Ada 500, Bob 500
}

func Example_lock() {
	ctx := context.Background()
	db, ada, _ := open(ctx)
	fmt.Println(bank.Withdraw(ctx, db, ada.ID, 400))
	balances(ctx, db)

	dialects.Each(ctx, db, bank.App{}, func(ctx context.Context, db *orm.DB) dialects.Statement {
		q := bank.Accounts
		return orm.From(db, q).Filter(q.Owner.Eq("Ada")).ForUpdate()
	})
	_, err := orm.From(db, bank.Accounts).ForUpdate().All(ctx)
	fmt.Println(err)
	// Output:
	// <nil>
	// Ada 600, Bob 0
	// SQLite: FROM "bank_account" AS t0 WHERE t0."owner" = ? ORDER BY t0."owner"
	// PostgreSQL, MariaDB: FROM "bank_account" AS t0 WHERE t0."owner" = ? ORDER BY t0."owner" FOR UPDATE
	// orm: bank.Account: ForUpdate locks rows until a transaction ends, and this context has none; run the query in db.Atomic, with the context that it passes
}

func Example_lockWith() {
	ctx := context.Background()
	db, _, _ := open(ctx)
	dialects.Each(ctx, db, bank.App{}, func(ctx context.Context, db *orm.DB) dialects.Statement {
		q := bank.Accounts
		due := orm.From(db, q).Filter(q.Balance.Gt(0)).Limit(10).ForUpdateWith(orm.Lock{SkipLocked: true})
		return due
	})
	// Output:
	// SQLite: FROM "bank_account" AS t0 WHERE t0."balance" > ? ORDER BY t0."owner" LIMIT 10
	// PostgreSQL, MariaDB: FROM "bank_account" AS t0 WHERE t0."balance" > ? ORDER BY t0."owner" LIMIT 10 FOR UPDATE SKIP LOCKED
}

func Example_outerContext() {
	ctx := context.Background()
	db, ada, _ := open(ctx)
	err := db.Atomic(ctx, func(inner context.Context) error {
		fmt.Println(db.InTransaction(inner), db.InTransaction(ctx))
		return errors.New("changed my mind")
	})
	fmt.Println(err, ada.Balance)
	// Output:
	// true false
	// changed my mind 1000
}
