package sqltext

import "strings"

// MentionsColumn reports whether an expression or statement uses a column of that name, of whichever table.
func MentionsColumn(sql, column string) bool { return mentions(tokens(sql), column) }

func mentions(list []token, column string) bool {
	for i, t := range list {
		if strings.EqualFold(t.name, column) && columnAt(list, i) {
			return true
		}
	}
	return false
}

// MentionsTable reports whether a statement names a table or view.
func MentionsTable(sql, table string) bool {
	for _, t := range tokens(sql) {
		if t.name != "" && strings.EqualFold(t.name, table) {
			return true
		}
	}
	return false
}

// IndexUses reports whether the index of a CREATE INDEX statement uses a column of its table.
func IndexUses(sql, column string) bool {
	list := tokens(sql)
	for i, t := range list {
		if t.text == "(" { // the name of the index and its table come before
			return mentions(list[i:], column)
		}
	}
	return false
}

// IndexCondition returns the condition of the partial index that a CREATE INDEX statement creates, or "".
func IndexCondition(sql string) string {
	list := tokens(sql)
	depth := 0
	for i, t := range list {
		switch {
		case t.text == "(":
			depth++
		case t.text == ")":
			depth--
		case depth == 0 && keyword(t, "where"):
			return strings.TrimSpace(join(list[i+1:]))
		}
	}
	return ""
}

// TriggerWaitsFor reports whether a CREATE TRIGGER statement names a column after UPDATE OF. Without the column the trigger
// does not fire, and the database reports no error.
func TriggerWaitsFor(sql, column string) bool {
	list := tokens(sql)
	for i, t := range list {
		if of, k := after(list, i+1); strings.EqualFold(t.text, "update") && strings.EqualFold(of.text, "of") {
			for _, word := range list[k+1:] {
				if strings.EqualFold(word.text, "on") {
					return false
				}
				if word.name != "" && strings.EqualFold(word.name, column) {
					return true
				}
			}
		}
		if strings.EqualFold(t.text, "begin") {
			return false
		}
	}
	return false
}

// MayMean reports whether a view or trigger contains a name that may be a column and that SQLite does not check: one in
// double quotes, which is read as text if there is no such column, and in triggers the columns of INSERT and UPDATE.
func MayMean(sql, column string, trigger bool) bool {
	list := tokens(sql)
	for i, t := range list {
		if !strings.EqualFold(t.name, column) || !columnAt(list, i) || !trigger && t.text[0] != '"' {
			continue
		}
		if previous := before(list, i).text; previous != "." && !strings.EqualFold(previous, "as") {
			return true
		}
	}
	return false
}

// RenameColumn returns an expression with the column from renamed to to.
func RenameColumn(sql, from, to string) string {
	list := tokens(sql)
	for i, t := range list {
		if strings.EqualFold(t.name, from) && columnAt(list, i) {
			list[i].text = requote(t, to)
		}
	}
	return join(list)
}

// RenameTable returns an expression in which columns that were qualified with table from are qualified with table to.
func RenameTable(sql, from, to string) string {
	list := tokens(sql)
	for i, t := range list {
		if following, _ := after(list, i+1); following.text == "." && strings.EqualFold(t.name, from) {
			list[i].text = requote(t, to)
		}
	}
	return join(list)
}

// Unqualify returns an expression whose columns no longer name table, in which they are: "shop_item.price" becomes
// "price". Another qualifier is left as it is.
func Unqualify(sql, table string) string {
	list := tokens(sql)
	var kept []token
	for i := 0; i < len(list); i++ {
		dot, k := after(list, i+1)
		if list[i].name == "" || dot.text != "." {
			kept = append(kept, list[i])
			continue
		}
		second, m := after(list, k+1)
		if schemaDot, n := after(list, m+1); strings.EqualFold(list[i].name, "main") && strings.EqualFold(second.name, table) &&
			schemaDot.text == "." {
			_, column := after(list, n+1)
			i = column - 1
			continue
		}
		if strings.EqualFold(list[i].name, table) && second.name != "" {
			i = m - 1
			continue
		}
		kept = append(kept, list[i])
	}
	return join(kept)
}

// requote returns a name with the same quotes as token t, or with double quotes if t has none and the name needs them.
func requote(t token, name string) string {
	if t.bare {
		for i := range len(name) {
			if !wordByte(name[i]) || i == 0 && name[i] >= '0' && name[i] <= '9' {
				return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
			}
		}
		return name
	}
	switch quote := t.text[:1]; quote {
	case "[":
		return "[" + name + "]"
	default:
		return quote + strings.ReplaceAll(name, quote, quote+quote) + quote
	}
}

// Name returns a name in double quotes.
func Name(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// Requote returns an expression with the names that are in double quotes in other quotation marks, for databases in which
// double quotes are around text.
func Requote(sql string, mark byte) string {
	list := tokens(sql)
	quote := string(mark)
	for i, t := range list {
		if t.name != "" && t.text[0] == '"' {
			list[i].text = quote + strings.ReplaceAll(t.name, quote, quote+quote) + quote
		}
	}
	return join(list)
}

func join(list []token) string {
	var b strings.Builder
	for _, t := range list {
		b.WriteString(t.text)
	}
	return b.String()
}
