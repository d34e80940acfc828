package docs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sqlGuides are the guides whose ```sql blocks hold for every database.
var sqlGuides = []string{"queries.md", "relations.md", "scopes.md", "search.md", "transactions.md"}

var databases = []string{"SQLite", "PostgreSQL", "MariaDB"}

// TestSQLIsThatOfEveryDatabase requires each ```sql block of some guides to be what every database receives, as printed by
// docs/internal/dialects. A database for which the block does not hold has a block of its own after it, below a line such as
// "On PostgreSQL and MariaDB:".
func TestSQLIsThatOfEveryDatabase(t *testing.T) {
	t.Parallel()
	examples := statements(t)
	blocks := 0
	for _, guide := range sqlGuides {
		for _, group := range sqlGroups(t, guide) {
			blocks++
			best := []string(nil)
			for i, example := range examples {
				missing := group.missing(example)
				if i == 0 || len(missing) < len(best) {
					best = missing
				}
			}
			if len(best) > 0 {
				t.Errorf("%s:%d: no example below docs/ prints this SQL, or the block of a database where it differs, for %s:\n%s",
					guide, group.line, strings.Join(best, ", "), group.sql[""])
			}
		}
	}
	if blocks == 0 {
		t.Error("no block was found: the test looks in the wrong place")
	}
}

// sqlGroup is a block, and those of databases where it differs.
type sqlGroup struct {
	line int
	sql  map[string]string // by database; "" for all others
}

// missing returns the databases for which an example prints none of the group's blocks.
func (g sqlGroup) missing(example map[string][]string) (list []string) {
	for _, database := range databases {
		sql, own := g.sql[database]
		if !own {
			sql = g.sql[""]
		}
		if !printed(sql, example[database]) {
			list = append(list, database)
		}
	}
	return list
}

var onDatabase = regexp.MustCompile(`^On ([\w ]+):$`)

// sqlGroups returns the ```sql blocks of a guide.
func sqlGroups(t *testing.T, guide string) (groups []sqlGroup) {
	t.Helper()
	raw := rawLines(t, guide)
	for _, block := range fenced(t, guide, "sql") {
		sql := strings.Join(block.lines, " ")
		before := ""
		for at := block.line - 2; at >= 0 && before == ""; at-- {
			before = strings.TrimSpace(raw[at])
		}
		label := onDatabase.FindStringSubmatch(before)
		if label == nil {
			groups = append(groups, sqlGroup{block.line, map[string]string{"": sql}})
			continue
		}
		for database := range strings.SplitSeq(label[1], " and ") {
			if !slices.Contains(databases, database) || len(groups) == 0 {
				t.Errorf("%s:%d: %q names no database, or follows no block", guide, block.line, before)
				continue
			}
			groups[len(groups)-1].sql[database] = sql
		}
	}
	return groups
}

var printedSQL = regexp.MustCompile(`^((?:SQLite|PostgreSQL|MariaDB)(?:, (?:SQLite|PostgreSQL|MariaDB))*): (.+)$`)

// statements returns what each example below docs/ prints as the SQL of databases.
func statements(t *testing.T) (examples []map[string][]string) {
	t.Helper()
	walk(t, ".", func(path string) {
		if !strings.HasSuffix(path, "_test.go") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Recv != nil || !strings.HasPrefix(fn.Name.Name, "Example") {
				continue
			}
			printed := map[string][]string{}
			for _, comment := range file.Comments {
				if comment.Pos() < fn.Body.Pos() || comment.End() > fn.Body.End() {
					continue
				}
				for line := range strings.Lines(comment.Text()) {
					if m := printedSQL.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
						for database := range strings.SplitSeq(m[1], ", ") {
							printed[database] = append(printed[database], squash(m[2]))
						}
					}
				}
			}
			if len(printed) > 0 {
				examples = append(examples, printed)
			}
		}
	})
	return examples
}
