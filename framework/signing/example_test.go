package signing_test

import (
	"fmt"
	"time"

	"github.com/quintetgo/quintet/framework/signing"
)

func ExampleSigner() {
	signer := signing.New("the site's secret key")

	link, _ := signer.Dump("newsletter.confirm", map[string]string{"email": "ada@example.com"})

	var request map[string]string
	err := signer.Load("newsletter.confirm", link, 24*time.Hour, &request)
	fmt.Println(request["email"], err)

	err = signer.Load("newsletter.unsubscribe", link, 24*time.Hour, &request)
	fmt.Println(err)
	// Output:
	// ada@example.com <nil>
	// the signature does not match
}
