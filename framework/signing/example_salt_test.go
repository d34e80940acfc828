package signing_test

import (
	"fmt"
	"time"

	"github.com/quintetgo/quintet/framework/signing"
)

// A token that expires, for a link in an email.
func ExampleSigner_Dump() {
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	signer := signing.New("secret").WithClock(func() time.Time { return now })
	token, err := signer.Dump("reset", map[string]int{"user": 7})
	if err != nil {
		fmt.Println(err)
		return
	}
	var value map[string]int
	fmt.Println(signer.Load("reset", token, time.Hour, &value), value["user"])
	fmt.Println(signer.Load("another salt", token, time.Hour, &value))
	now = now.Add(2 * time.Hour)
	fmt.Println(signer.Load("reset", token, time.Hour, &value))
	// Output:
	// <nil> 7
	// the signature does not match
	// the signed value has expired
}
