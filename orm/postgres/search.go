package postgres

import (
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/dialect/search"
	"github.com/quintetgo/quintet/orm/postgres/internal/ddl"
)

var _ search.Searcher = postgresDialect{}

// MatchSearch implements [search.Searcher]. The index has a column of its name, whose value the database computes.
func (postgresDialect) MatchSearch(w *dialect.Writer, x search.Index, terms []search.Term) {
	w.Column(x.Alias, x.Name)
	w.Text(" @@ ")
	writeTSQuery(w, x, terms)
}

// RankSearch implements [search.Searcher].
func (postgresDialect) RankSearch(w *dialect.Writer, x search.Index, terms []search.Term) {
	w.Text("COALESCE(ts_rank(")
	w.Column(x.Alias, x.Name)
	w.Text(", ")
	writeTSQuery(w, x, terms)
	w.Text(")::float8, 0)")
}

// CheckSearch implements [search.Searcher].
func (postgresDialect) CheckSearch(dialect.Type) error { return nil }

// SearchesLanguage implements [search.Searcher]. A migration fails if the server has no configuration for the language.
func (postgresDialect) SearchesLanguage(string) bool { return true }

// writeTSQuery writes the terms as a tsquery. They have letters, marks and digits only, which have no meaning there.
func writeTSQuery(w *dialect.Writer, x search.Index, terms []search.Term) {
	w.Text("to_tsquery(" + ddl.SearchConfiguration(x.Language) + ", ")
	parts := make([]string, len(terms))
	for i, t := range terms {
		part := "('" + strings.Join(t.Words, "' <-> '") + "')"
		if t.Prefix {
			part = "'" + t.Words[0] + "':*"
		}
		if t.Exclude {
			part = "!" + part
		}
		parts[i] = part
	}
	w.Bind(strings.Join(parts, " & "))
	w.Text(")")
}
