package ddl

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/dialect/search"
)

// WordEnd follows every word in the column of an index for full-text search. Without it the database would not index words
// of one and two letters, nor those that it knows as frequent ones, as its settings are not those of a table.
const WordEnd = "__"

// searchColumn returns the definition of the column of an index for full-text search, which has the name of the index: the
// words of the columns that are searched, in lower case. SELECT * leaves it out.
func searchColumn(x dialect.Index) string {
	names := make([]string, len(x.Columns))
	for i, c := range x.Columns {
		names[i] = Quote(c.Name)
	}
	text := fmt.Sprintf("LEFT(CONCAT_WS(' ', %s), %d)", strings.Join(names, ", "), search.MaxText)
	return Quote(x.Name) + " longtext GENERATED ALWAYS AS (LOWER(CONCAT(REGEXP_REPLACE(" + text + `, '[^\\p{L}\\p{M}\\p{N}]+', '` +
		WordEnd + " '), '" + WordEnd + "'))) STORED INVISIBLE"
}

// ownColumn returns the definition of the column that belongs to an index, "" if it needs none.
func ownColumn(x dialect.Index) string {
	if x.Search {
		return searchColumn(x)
	}
	return markerSQL(x)
}

// dependsOn reports whether an index is created again with a change of columns: one of them gets its values from elsewhere, or
// the column of the index is computed from one that changes.
func (a *alteration) dependsOn(x dialect.Index) bool {
	return a.mentionsTouched(x.Where) || slices.ContainsFunc(x.Columns, func(c dialect.IndexColumn) bool {
		return a.isReplaced(c.Name) || x.Search && a.touched[c.Name]
	})
}

// searchExpression is the expression of the column that searchColumn adds to a table, as the databases show it.
var searchExpression = regexp.MustCompile("(?is)^l(?:ower|case)\\(concat\\(" +
	"regexp_replace\\(left\\(concat_ws\\(.*?'((?:,\\s?`(?:[^`]|``)+`)+)\\)")

// quotedName is a name in a list of columns.
var quotedName = regexp.MustCompile("`((?:[^`]|``)+)`")

// searchedColumns returns the columns whose words a computed column has, nil for any other column.
func searchedColumns(expression string) (list []dialect.IndexColumn) {
	found := searchExpression.FindStringSubmatch(expression)
	if found == nil {
		return nil
	}
	for _, name := range quotedName.FindAllStringSubmatch(found[1], -1) {
		list = append(list, dialect.IndexColumn{Name: strings.ReplaceAll(name[1], "``", "`")})
	}
	return list
}
