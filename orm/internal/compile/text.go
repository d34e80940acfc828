package compile

import (
	"regexp"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/schema"
)

var textOperations = map[string]dialect.TextOperation{
	schema.Exact: dialect.TextEquals, schema.Contains: dialect.TextContains, schema.StartsWith: dialect.TextStartsWith,
	schema.EndsWith: dialect.TextEndsWith, schema.Regex: dialect.TextMatches,
}

// matchText writes a lookup that searches text: contains, istartswith, regex and so on.
func (c *compiler) matchText(k *comparison, value string) error {
	lookup, ignoreCase := strings.CutPrefix(k.Lookup, "i")
	operation, ok := textOperations[lookup]
	switch {
	case !ok:
		return k.Problem("text has no lookup %s", k.Lookup)
	case operation == dialect.TextMatches:
		pattern := value
		if ignoreCase {
			pattern = "(?i)" + value
		}
		if _, err := regexp.Compile(pattern); err != nil {
			return k.Problem("%s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		}
	case strings.IndexByte(value, 0) >= 0: // no stored text has a NUL
		c.Text("1 = 0")
		return nil
	case value == "" && operation != dialect.TextEquals: // every text contains it
		c.Raw(k.left)
		c.Text(" IS NOT NULL")
		return nil
	}
	return c.MatchText(dialect.TextMatch{Left: k.left, Repeatable: k.plain, Operation: operation, IgnoreCase: ignoreCase, Value: value})
}
