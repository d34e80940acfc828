package bank

import "github.com/quintetgo/quintet/orm"

// Account holds money, in cents.
type Account struct {
	ID      int64
	Owner   string `gorm:"size:100;uniqueIndex"`
	Balance int64
}

// Meta keeps the balance from being negative.
func (Account) Meta() orm.Meta {
	return orm.Meta{
		Ordering: []string{"owner"},
		Checks:   []orm.Check{{Name: "bank_account_balance", SQL: "balance >= 0", Message: "The account has too little money."}},
	}
}

// String returns the owner.
func (a Account) String() string { return a.Owner }
