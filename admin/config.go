package admin

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/check"
)

// Config configures the admin of a project. The zero value is a working admin; it must not be changed after [New].
type Config struct {
	// Title is the name of the site in the sidebar, on the login page and in the titles of pages. Default:
	// "Administration".
	Title string

	// Logo is the path of a static file, such as "shop/logo.svg", that is shown beside the title. Default:
	// Quintet's mark.
	Logo string

	// Accent is the color of primary buttons, links and the focus ring. Default: [Blue].
	Accent Accent

	// Density is the height of rows and inputs. Choose [Compact] for screens full of data. Default: [Comfortable].
	Density Density

	// SiteURL is the target of the link "View site". "-" removes the link. Default: "/".
	SiteURL string

	// ConfirmAbove is the number of objects above which a deletion must be confirmed by typing their number.
	// Default: 200.
	ConfirmAbove int

	// CountTimeout limits the time that a list spends on counting its rows. Beyond it the number is an estimate,
	// shown as "about 63,700", and the pager does not offer the last page. Default: 300 ms.
	CountTimeout time.Duration

	// Now returns the current time, for the history and for relative dates. Tests set it. It must be safe for
	// concurrent use. Default: [time.Now].
	Now func() time.Time
}

// Accent is the color of primary buttons, links and the focus ring. Each accent has a light and a dark variant.
type Accent string

// The accents.
const (
	Blue   Accent = "blue"
	Teal   Accent = "teal"
	Moss   Accent = "moss"
	Plum   Accent = "plum"
	Copper Accent = "copper"
	Ink    Accent = "ink"
)

// Density is the height of rows and inputs.
type Density string

// The densities.
const (
	Comfortable Density = "comfortable"
	Compact     Density = "compact"
)

const defaultConfirmAbove = 200

func (c Config) withDefaults() Config {
	if c.Title == "" {
		c.Title = "Administration"
	}
	if c.Accent == "" {
		c.Accent = Blue
	}
	if c.Density == "" {
		c.Density = Comfortable
	}
	switch c.SiteURL {
	case "":
		c.SiteURL = "/"
	case "-":
		c.SiteURL = ""
	}
	if c.ConfirmAbove <= 0 {
		c.ConfirmAbove = defaultConfirmAbove
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// problems reports values that are not among the constants of their type.
func (c Config) problems() []check.Problem {
	var problems []check.Problem
	accents := []string{string(Blue), string(Teal), string(Moss), string(Plum), string(Copper), string(Ink)}
	if !slices.Contains(accents, string(c.Accent)) {
		problems = append(problems, unknownChoice("admin.E011", "Accent", string(c.Accent), accents))
	}
	densities := []string{string(Comfortable), string(Compact)}
	if !slices.Contains(densities, string(c.Density)) {
		problems = append(problems, unknownChoice("admin.E012", "Density", string(c.Density), densities))
	}
	return problems
}

func unknownChoice(id, field, value string, choices []string) check.Problem {
	return check.Problem{
		ID: id, Level: check.Error, Place: "admin.Config." + field,
		Message: "there is no " + strings.ToLower(field) + " " + strconv.Quote(value) + check.DidYouMean(value, choices),
		Hint:    "Use one of the constants: " + strings.Join(choices, ", ") + ".",
	}
}
