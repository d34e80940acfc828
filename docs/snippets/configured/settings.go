// Package configured has settings of its own beside the framework's.
package configured

import (
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/settings"
)

// Settings are those of the site.
type Settings struct {
	framework.Settings
	StripeKey settings.Secret `env:"STRIPE_KEY,notEmpty"`
	PerPage   int             `env:"PER_PAGE" envDefault:"20"`
}

// Load reads them from the environment.
func Load() (Settings, error) {
	var s Settings
	err := framework.LoadSettings(&s)
	return s, err
}
