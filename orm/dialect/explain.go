package dialect

import (
	"fmt"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
)

// ExplainOptions is what the explanation of a statement contains.
type ExplainOptions struct {
	Analyze bool   // run the statement, and measure it
	Verbose bool   // add details
	Format  string // a format of the database, such as "json"; "" for its usual text
}

// PlanExplainer is implemented by dialects that can show how the database runs a statement.
type PlanExplainer interface {
	// ExplainQuery returns what is written before a statement. The rows of the result are lines of text, or have columns
	// with names. It returns an [UnsupportedError] for an option that the database lacks.
	ExplainQuery(o ExplainOptions) (prefix string, err error)
}

// ExplainQuery returns what is written before a statement to explain it. It returns an [UnsupportedError] if the dialect is no
// [PlanExplainer].
func ExplainQuery(d Dialect, o ExplainOptions) (prefix string, err error) {
	if e, ok := d.(PlanExplainer); ok {
		return e.ExplainQuery(o)
	}
	return "", Unsupported(d, "explanations of statements")
}

// UnknownFormat returns the error of a format that a [PlanExplainer] does not have.
func UnknownFormat(d Dialect, format string, formats ...string) error {
	return fmt.Errorf("orm: the database %q does not explain statements in the format %q%s; it has %s",
		d.Name(), format, check.DidYouMean(format, formats), strings.Join(formats, ", "))
}
