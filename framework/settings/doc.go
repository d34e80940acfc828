// Package settings fills a struct from the environment.
//
// Fields say with tags which variable they are:
//
//	type Settings struct {
//		framework.Settings
//		StripeKey settings.Secret `env:"STRIPE_KEY,notEmpty"`
//		PerPage   int             `env:"PER_PAGE" envDefault:"20"`
//	}
//
// Each variable may instead be given as NAME_FILE, the path of a file that holds the value, as
// containers do with secrets. In development a file .env is read as well; what stands in the real
// environment wins. All mistakes are reported at once, with the variable's name and what it wants.
package settings
