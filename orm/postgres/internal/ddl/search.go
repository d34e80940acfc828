package ddl

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/dialect/search"
)

// separators are the ASCII characters that separate words. The parser of PostgreSQL would take some of them for parts of
// addresses, numbers and markup, which other databases do not know.
const separators = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

// SearchConfiguration returns the configuration for text in a language as a literal.
func SearchConfiguration(language string) string {
	if language == "" {
		language = "simple"
	}
	return quoteString(language)
}

// searchColumn returns the definition of the column of an index for full-text search, which has the name of the index. The
// database computes it from the columns that are searched whenever they change, so that it can compute ranks without reading
// the text again.
func searchColumn(x dialect.Index) string {
	texts := make([]string, len(x.Columns))
	for i, c := range x.Columns {
		texts[i] = "coalesce(" + quoteName(c.Name) + ", '')"
	}
	return fmt.Sprintf("%s tsvector GENERATED ALWAYS AS (to_tsvector(%s, translate(left(%s, %d), '%s', '%s'))) STORED",
		quoteName(x.Name), SearchConfiguration(x.Language), strings.Join(texts, " || ' ' || "), search.MaxText,
		strings.ReplaceAll(separators, "'", "''"), strings.Repeat(" ", len(separators)))
}

// createIndex creates an index of a table, with the column of one for full-text search.
func (b *builder) createIndex(table string, x dialect.Index) {
	if !x.Search {
		b.exec("%s", indexSQL(table, x))
		return
	}
	b.exec("ALTER TABLE %s ADD COLUMN %s", quoteName(table), searchColumn(x))
	b.exec("CREATE INDEX %s ON %s USING gin (%s)", quoteName(x.Name), quoteName(table), quoteName(x.Name))
}

// renameIndex renames an index, and the column of one for full-text search.
func (b *builder) renameIndex(table string, from, to dialect.Index) {
	b.exec("ALTER INDEX %s RENAME TO %s", quoteName(from.Name), quoteName(to.Name))
	if from.Search {
		b.exec("ALTER TABLE %s RENAME COLUMN %s TO %s", quoteName(table), quoteName(from.Name), quoteName(to.Name))
	}
}

// recreated returns the indexes for full-text search that have to be created again as the type of a column that they search
// changes: the database does not change the type of a column that another one is computed from.
func recreated(c dialect.TableChange, kept []dialect.Index) (list []dialect.Index) {
	for _, x := range kept {
		if x.Search && retypes(c, x) {
			list = append(list, x)
		}
	}
	return list
}

func retypes(c dialect.TableChange, x dialect.Index) bool {
	for _, column := range x.Columns {
		for _, change := range c.Columns {
			if change.Old != nil && change.New != nil && change.New.Name == column.Name &&
				(definition(*change.Old) != definition(*change.New) || change.Using != "" || change.Old.Generated != change.New.Generated) {
				return true
			}
		}
	}
	return false
}

// searchConfiguration is what the expression of a search column begins with, as the database shows it, and coalesced is each
// column in it.
var (
	searchConfiguration = regexp.MustCompile(`^\(?to_tsvector\('([^']+)'::regconfig, translate\(`)
	coalesced           = regexp.MustCompile(`COALESCE\(("(?:[^"]|"")+"|[^",]+), `)
)

// searchedColumns returns the columns that an expression searches, nil if it is not that of an index for full-text search.
func searchedColumns(expression string) (list []dialect.IndexColumn) {
	if !searchConfiguration.MatchString(expression) {
		return nil
	}
	for _, found := range coalesced.FindAllStringSubmatch(expression, -1) {
		name := found[1]
		if quoted, ok := strings.CutPrefix(name, `"`); ok {
			name = strings.ReplaceAll(strings.TrimSuffix(quoted, `"`), `""`, `"`)
		}
		list = append(list, dialect.IndexColumn{Name: name})
	}
	return list
}

// readSearched describes the indexes for full-text search of a table by the expressions of their columns.
func readSearched(t *dialect.Table, expressions map[string]string) {
	for i := range t.Indexes {
		x := &t.Indexes[i]
		expression, ok := expressions[x.Name]
		if !ok {
			continue
		}
		x.Search, x.Method, x.Columns = true, "", searchedColumns(expression)
		if found := searchConfiguration.FindStringSubmatch(expression); found[1] != "simple" {
			x.Language = found[1]
		}
	}
}
