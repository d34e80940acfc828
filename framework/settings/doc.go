// Package settings fills a struct from the environment.
//
// Tags name the variable of each field:
//
//	type Settings struct {
//		framework.Settings
//		StripeKey settings.Secret `env:"STRIPE_KEY,notEmpty"`
//		PerPage   int             `env:"PER_PAGE" envDefault:"20"`
//	}
//
// Instead of NAME, each variable can be set as NAME_FILE, the path of a file that contains the value, as containers
// do with secrets. In development a file .env is read as well; the real environment takes precedence. All errors are
// reported together, with the variable's name and the accepted values.
package settings
