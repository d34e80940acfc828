package configured_test

import (
	"fmt"
	"os"

	"github.com/quintetgo/quintet/docs/snippets/configured"
)

func Example() {
	for name, value := range map[string]string{
		"DEBUG": "false", "SECRET_KEY": "", "STRIPE_KEY": "", "PER_PAGE": "many",
	} {
		old, set := os.LookupEnv(name)
		os.Setenv(name, value)
		defer func() {
			if set {
				os.Setenv(name, old)
			} else {
				os.Unsetenv(name)
			}
		}()
	}
	_, err := configured.Load()
	fmt.Println(err)
	// Output:
	// 3 problems with the settings:
	//   STRIPE_KEY is empty
	//   PER_PAGE: "many" is not a whole number
	//   SECRET_KEY is not set. Without DEBUG=true a site requires a secret key: set SECRET_KEY to at least 50 random characters
	//     (openssl rand -base64 48 prints a good one), or store them in a file and set SECRET_KEY_FILE to its path
}
