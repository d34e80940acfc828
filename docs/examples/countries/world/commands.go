package world

import (
	"context"
	"flag"

	"github.com/quintetgo/quintet/framework/command"
)

// Commands returns loadiso.
func (a App) Commands() []command.Command {
	var locales string
	return []command.Command{{
		Name: "loadiso", Usage: "[DIR]", MaxArgs: 1,
		Short: "load countries, subdivisions, languages and currencies from Debian's package iso-codes",
		Long: "Loads the lists of the standards ISO 3166, 639 and 4217 from DIR (default: " + ListsDir + "). It may be run " +
			"again: rows that are there are brought up to date.",
		Example: "loadiso\nloadiso ./json",
		Flags: func(f *flag.FlagSet) {
			f.StringVar(&locales, "locales", LocalesDir, "`folder` with translations of the countries' names")
		},
		Run: func(ctx context.Context, call *command.Call) error {
			dir := ListsDir
			if len(call.Args) > 0 {
				dir = call.Args[0]
			}
			counts, err := Load(ctx, a.DB, dir, locales)
			if err != nil {
				return err
			}
			call.Printf("%d countries, %d subdivisions, %d languages, %d currencies, and %d names of countries in other languages.\n",
				counts.Countries, counts.Subdivisions, counts.Languages, counts.Currencies, counts.Names)
			return nil
		},
	}}
}
