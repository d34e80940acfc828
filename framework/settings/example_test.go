package settings_test

import (
	"fmt"
	"time"

	"github.com/quintetgo/quintet/framework/settings"
)

// Fill a struct from the environment. All errors are reported together.
func ExampleLoad() {
	type shop struct {
		StripeKey settings.Secret `env:"STRIPE_KEY,notEmpty"`
		PerPage   int             `env:"PER_PAGE" envDefault:"20"`
		Timeout   time.Duration   `env:"TIMEOUT" envDefault:"5s"`
	}
	var s shop
	err := settings.Load(&s, settings.Options{Environ: []string{"DEBUG=false", "STRIPE_KEY=sk_live_1234", "PER_PAGE=50"}})
	fmt.Printf("%+v %v\n", s, err)

	err = settings.Load(&s, settings.Options{Environ: []string{"DEBUG=false", "PER_PAGE=many", "TIMEOUT=5", "STRIPE_KEY=x"}})
	fmt.Println(err)
	// Output:
	// {StripeKey:*** PerPage:50 Timeout:5s} <nil>
	// 2 problems with the settings:
	//   PER_PAGE: "many" is not a whole number
	//   TIMEOUT: "5" is not a duration; write one such as 30s, 5m or 1h30m
}

// Detect secret keys that could be guessed.
func ExampleSecret_Weakness() {
	fmt.Println(settings.Secret("change-me").Weakness())
	fmt.Println(settings.Secret("changeme-changeme-changeme-changeme-changeme").Weakness())
	fmt.Printf("%q\n", settings.Secret("k2Vw9pXq7LrTz4MfYb8NcDh3GsJe6AuRvQoWx1").Weakness())
	// Output:
	// it has 9 characters, but at least 32 are required
	// it consists of words, like the keys of examples
	// ""
}
