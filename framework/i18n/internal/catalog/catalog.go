// Package catalog reads the files of gettext: text files (.po) and their compiled form (.mo). It reads them itself because the
// libraries for Go pass over what they do not understand, or never return.
package catalog

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/leonelquinteros/gotext/plurals"
)

// Key identifies a text: the same words can have several meanings, which a context tells apart.
type Key struct{ Context, Text string }

// Entry is a text with its translations.
type Entry struct {
	Key
	Plural string   // the English plural, "" for texts without one
	Forms  []string // one translation, or one for each form of the plural
	Line   int      // in the file, for errors; 0 if it is not known
}

// Catalog is the content of one file. Entries without a translation, and those marked as fuzzy, are left out.
type Catalog struct {
	Language string // of the header; may be ""
	Plurals  Plurals
	Entries  []Entry
}

// Plurals is the rule of a language that selects the form for a number. The zero value is that of English.
type Plurals struct {
	Count int // of forms; 0 means 2
	expr  plurals.Expression
}

// Form returns the index of the form for n.
func (p Plurals) Form(n int64) int {
	if p.expr == nil {
		if n == 1 {
			return 0
		}
		return 1
	}
	if n < 0 {
		n = -n
	}
	if n > 10_000_000 || n < 0 { // rules look at the last digits only
		n = 10_000_000 + (n%10_000_000+10_000_000)%10_000_000
	}
	return p.expr.Eval(uint32(n)) //nolint:gosec // below twenty million
}

var pluralForms = regexp.MustCompile(`^\s*nplurals\s*=\s*(\d{1,2})\s*;\s*plural\s*=\s*(.{1,1000}?)\s*;?\s*$`)

// ParsePlurals reads a header such as "nplurals=2; plural=(n != 1);".
func ParsePlurals(header string) (p Plurals, err error) {
	defer func() {
		if recover() != nil { // the compiler of expressions fails on some malformed ones
			p, err = Plurals{}, fmt.Errorf("Plural-Forms: %q is not a rule", header)
		}
	}()
	m := pluralForms.FindStringSubmatch(header)
	if m == nil {
		return Plurals{}, fmt.Errorf(`Plural-Forms: %q is not in the form "nplurals=2; plural=(n != 1);"`, header)
	}
	count, err := strconv.Atoi(m[1])
	if err != nil || count < 1 {
		return Plurals{}, fmt.Errorf("Plural-Forms: %q has no forms", header)
	}
	expr, err := plurals.Compile(m[2])
	if err != nil || expr == nil {
		return Plurals{}, fmt.Errorf("Plural-Forms: %q is not an expression of n", m[2])
	}
	p = Plurals{Count: count, expr: expr}
	for n := range int64(1000) {
		if form := p.Form(n); form < 0 || form >= count {
			return Plurals{}, fmt.Errorf("Plural-Forms: %q has the form %d for %d, and nplurals is %d", header, form, n, count)
		}
	}
	return p, nil
}

// maxFile is the size of the largest file that is read, in bytes.
const maxFile = 16 << 20

// add keeps an entry if all its forms are translated.
func (c *Catalog) add(e Entry) {
	if len(e.Forms) > 0 && !slices.Contains(e.Forms, "") {
		c.Entries = append(c.Entries, e)
	}
}

// readHeader takes what the program needs from the translation of "".
func (c *Catalog) readHeader(text string) (err error) {
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(line, ":")
		switch value = strings.TrimSpace(value); {
		case strings.EqualFold(name, "Language"):
			c.Language = value
		case strings.EqualFold(name, "Plural-Forms"):
			if c.Plurals, err = ParsePlurals(value); err != nil {
				return err
			}
		case strings.EqualFold(name, "Content-Type") && !strings.Contains(strings.ToLower(value), "charset=utf-8"):
			return fmt.Errorf("Content-Type: %q; write the file in UTF-8, and charset=UTF-8 into its header", value)
		}
	}
	return nil
}
