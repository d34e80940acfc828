package password_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/quintetgo/quintet/auth/password"
)

func ExampleHash() {
	ctx := context.Background()
	hash, err := password.Hash(ctx, "correct horse battery")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(strings.HasPrefix(hash, "$argon2id$v=19$m=47104,t=1,p=1$"))

	ok, upgrade, err := password.Check(ctx, "correct horse battery", hash)
	fmt.Println(ok, upgrade, err)
	// Output:
	// true
	// true false <nil>
}

func ExampleValidate() {
	for _, m := range password.Validate("1234567", password.About{Username: "ada"}) {
		fmt.Println(m.Code, "-", m)
	}
	fmt.Println(password.Validate("minor swing, 1937", password.About{}))
	// Output:
	// password_too_short - This password is too short: it needs at least 10 characters.
	// password_entirely_numeric - This password is only digits.
	// password_too_common - This password is one of the most used ones.
	// []
}
