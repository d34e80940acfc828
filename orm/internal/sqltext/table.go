package sqltext

import "strings"

// Table holds what a CREATE TABLE statement declares besides the names, types and keys of columns.
type Table struct {
	Columns []Column
	Checks  []Check
	// Conflict reports an ON CONFLICT clause of some constraint.
	Conflict bool
}

// Column is a column that has more than a type.
type Column struct {
	Name      string
	Collation string
	Generated string // the expression by which the column is computed, "" for none
	Stored    bool   // a generated column is stored
}

// Check is a CHECK constraint of a table or of one of its columns.
type Check struct{ Name, SQL string }

// ParseTable reads a CREATE TABLE statement as SQLite stores it.
func ParseTable(sql string) Table {
	var t Table
	list := compact(tokens(sql))
	start := 0
	for start < len(list) && list[start].text != "(" {
		start++
	}
	for i := start + 1; i < len(list); {
		end := itemEnd(list, i)
		t.item(list[i:end])
		if end >= len(list) || list[end].text == ")" {
			break
		}
		i = end + 1
	}
	return t
}

// compact returns the tokens without comments, and with one space for every gap.
func compact(list []token) []token {
	var kept []token
	for _, t := range list {
		switch {
		case !t.void:
			kept = append(kept, t)
		case len(kept) > 0 && !kept[len(kept)-1].void:
			kept = append(kept, token{text: " ", void: true})
		}
	}
	return kept
}

// itemEnd returns the index of the comma or bracket after the definition that begins at i.
func itemEnd(list []token, i int) int {
	for depth := 0; i < len(list); i++ {
		switch list[i].text {
		case "(":
			depth++
		case ")":
			if depth--; depth < 0 {
				return i
			}
		case ",":
			if depth == 0 {
				return i
			}
		}
	}
	return i
}

// item reads the definition of a column or of a constraint of the table.
func (t *Table) item(list []token) {
	first, i := after(list, 0)
	column := Column{Name: first.name}
	if first.bare && keyword(first, "constraint", "check", "unique", "primary", "foreign") {
		column.Name = ""
	} else {
		i++
	}
	name := ""
	for ; i < len(list); i++ {
		switch word := list[i]; {
		case word.text == "(":
			i = groupEnd(list, i)
		case keyword(word, "constraint"):
			next, _ := after(list, i+1)
			name = next.name
		case keyword(word, "collate"):
			next, _ := after(list, i+1)
			column.Collation = next.name
		case keyword(word, "as"):
			if open, k := after(list, i+1); open.text == "(" {
				i = groupEnd(list, k)
				column.Generated = strings.TrimSpace(join(list[k+1 : i]))
			}
		case keyword(word, "stored"):
			column.Stored = true
		case keyword(word, "conflict"):
			t.Conflict = true
		case keyword(word, "check"):
			open, k := after(list, i+1)
			if open.text != "(" {
				continue
			}
			if i = groupEnd(list, k); i > k { // closed
				t.Checks = append(t.Checks, Check{name, strings.TrimSpace(join(list[k+1 : i]))})
				name = ""
			}
		}
	}
	if column.Name != "" && (column.Collation != "" || column.Generated != "") {
		t.Columns = append(t.Columns, column)
	}
}

// groupEnd returns the index of the bracket that closes the one at i, or the last index.
func groupEnd(list []token, i int) int {
	for end := i + 1; ; end++ {
		if end = itemEnd(list, end); end >= len(list) {
			return len(list) - 1
		}
		if list[end].text == ")" {
			return end
		}
	}
}

func keyword(t token, words ...string) bool {
	for _, word := range words {
		if t.bare && strings.EqualFold(t.name, word) {
			return true
		}
	}
	return false
}

// Same reports whether two expressions differ only in spaces, and in the quotes and case of names.
func Same(a, b string) bool {
	plain := func(sql string) string {
		var text strings.Builder
		for _, t := range tokens(sql) {
			switch {
			case t.name != "":
				text.WriteString(" " + strings.ToLower(t.name) + " ")
			case !t.void:
				text.WriteString(t.text)
			}
		}
		return text.String()
	}
	return plain(a) == plain(b)
}
