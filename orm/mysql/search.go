package mysql

import (
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/dialect/search"
	"github.com/quintetgo/quintet/orm/mysql/internal/ddl"
)

var _ search.Searcher = mysqlDialect{}

// MatchSearch implements [search.Searcher]. The index has a column of its name, whose value the database computes.
func (mysqlDialect) MatchSearch(w *dialect.Writer, x search.Index, terms []search.Term) {
	w.Text("MATCH (")
	w.Column(x.Alias, x.Name)
	w.Text(") AGAINST (LOWER(")
	w.Bind(booleanQuery(terms))
	w.Text(") IN BOOLEAN MODE)")
}

// RankSearch implements [search.Searcher].
func (d mysqlDialect) RankSearch(w *dialect.Writer, x search.Index, terms []search.Term) {
	w.Text("COALESCE(")
	d.MatchSearch(w, x, terms)
	w.Text(", 0)")
}

// CheckSearch implements [search.Searcher].
func (mysqlDialect) CheckSearch(dialect.Type) error { return nil }

// SearchesLanguage implements [search.Searcher].
func (mysqlDialect) SearchesLanguage(language string) bool { return language == "" }

// booleanQuery writes the terms for the boolean mode of MATCH, with words as the column of the index has them. They have
// letters, marks and digits only, which have no meaning there.
func booleanQuery(terms []search.Term) string {
	parts := make([]string, len(terms))
	for i, t := range terms {
		part := strings.Join(t.Words, ddl.WordEnd+" ") + ddl.WordEnd
		switch {
		case t.Prefix:
			part = t.Words[0] + "*"
		case len(t.Words) > 1:
			part = `"` + part + `"`
		}
		if t.Exclude {
			parts[i] = "-" + part
		} else {
			parts[i] = "+" + part
		}
	}
	return strings.Join(parts, " ")
}
