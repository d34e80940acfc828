package columns

import (
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/schema"
)

// Search returns the condition that an object is found by a full-text search, as the user of a search field writes it: words
// that must all occur in any order, "words in quotes" that occur one after the other, -words that must not occur, and words*
// that a longer word may begin with. It searches the index that the model's Meta declares. Every text is valid; one without a
// word to search for finds nothing.
//
//	orm.From(db, Posts).Filter(Posts.Search(`"web framework" go -java`))
//
//go:noinline
func (r Rel) Search(text string) dynamic.Condition { return search(column{r.at, schema.Search}, text) }

// SearchRank returns how well an object matches a search: a greater number is a better match, and 0 is none. Numbers are
// comparable within one query, as databases compute them in different ways.
//
//	orm.From(db, Posts).Filter(Posts.Search(text)).OrderBy(Posts.SearchRank(text).Desc())
//
//go:noinline
func (r Rel) SearchRank(text string) Expr[float64] {
	return searchRank(column{r.at, schema.Search}, text)
}

// Search is [Rel.Search] in the index of the column alone.
func (c String) Search(text string) dynamic.Condition {
	return search(column{c.at, c.name + "__" + schema.Search}, text)
}

// SearchRank is [Rel.SearchRank] in the index of the column alone.
func (c String) SearchRank(text string) Expr[float64] {
	return searchRank(column{c.at, c.name + "__" + schema.Search}, text)
}

// search returns the condition of a lookup "search", whose path is that of a column.
func search(c column, text string) dynamic.Condition {
	return dynamic.NewCondition(compile.Node{Op: compile.Lookup, Root: c.at.root(), Path: c.at.join(c.name), Value: text})
}

func searchRank(c column, text string) Expr[float64] {
	e := ref(c, compile.SearchRank)
	e.Value = text
	return Expr[float64]{e}
}
