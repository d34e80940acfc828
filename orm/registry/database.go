package registry

import (
	"fmt"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/dialect/search"
	"github.com/quintetgo/quintet/orm/internal/decimal"
	"github.com/quintetgo/quintet/orm/internal/problem"
	"github.com/quintetgo/quintet/orm/schema"
)

// CheckDatabase returns the problems of models with the database that d is the dialect of: what they declare and it does
// not have. hasTable reports whether the table of a model is in it.
func (r *Registry) CheckDatabase(d dialect.Dialect, hasTable func(*schema.Model) bool) []check.Problem {
	r.mu.RLock()
	defer r.mu.RUnlock()
	c := databaseCheck{dialect: d}
	for _, m := range r.models {
		if m.Auto || m.Unmanaged || !hasTable(m) {
			continue
		}
		for _, f := range m.Fields {
			c.field(f)
		}
		c.constraints(m)
	}
	return c.found
}

type databaseCheck struct {
	dialect dialect.Dialect
	found   []check.Problem
}

// needs reports a feature that is used and that the database lacks.
func (c *databaseCheck) needs(used bool, f dialect.Feature, place, option, hint string) {
	if used && !dialect.Has(c.dialect, f) {
		c.found = append(c.found, problem.Error("orm.E055", place,
			fmt.Sprintf("%s needs %s, which %s does not have", option, f, c.dialect.Name()), hint))
	}
}

func (c *databaseCheck) field(f *schema.Field) {
	place := f.String()
	c.needs(f.Generated != "" && !f.Virtual, dialect.StoredColumns, place, "Generated", "Compute the value in BeforeSave instead.")
	c.needs(f.Generated != "" && f.Virtual, dialect.VirtualColumns, place, "Generated", "Store it: Generated(expression, true).")
	exact := dialect.Has(c.dialect, dialect.ExactDecimals)
	if f.Kind == schema.KindDecimal && f.Precision > decimal.MaxExact && !exact {
		c.found = append(c.found, problem.Error("orm.E056", place,
			fmt.Sprintf("decimal(%d,%d) has more than %d digits, which %s would round", f.Precision, f.Scale, decimal.MaxExact,
				c.dialect.Name()),
			fmt.Sprintf("Declare at most %d digits, store whole numbers of the smallest unit, or use another database.", decimal.MaxExact)))
	}
	if f.Comment != "" && !dialect.Has(c.dialect, dialect.Comments) {
		c.found = append(c.found, problem.Warning(
			"orm.W020",
			place,
			fmt.Sprintf(
				"the comment is not stored, as %s keeps none",
				c.dialect.Name(),
			),
			"Nothing needs to be done; other databases store it.",
		))
	}
}

func (c *databaseCheck) constraints(m *schema.Model) {
	place := m.String()
	for _, x := range m.Indexes {
		name := "the index " + x.Name
		c.index(place, name, x.Where, x.Expressions, x.Include, x.OperatorClasses)
		c.needs(x.Method != "", dialect.IndexMethods, place, name, "Leave Method out.")
		c.search(m, x)
	}
	for _, x := range m.Unique {
		name := "the unique constraint " + x.Name
		c.index(place, name, x.Where, x.Expressions, x.Include, x.OperatorClasses)
		c.needs(x.NullsNotDistinct, dialect.NullsNotDistinct, place, name, "Make the fields NOT NULL, or leave NullsNotDistinct out.")
		c.needs(x.Deferrable != "", dialect.DeferrableUnique, place, name, "Leave Deferrable out.")
	}
}

func (c *databaseCheck) index(place, name, where string, expressions, include, classes []string) {
	c.needs(where != "", dialect.PartialIndexes, place, name, "Leave Where out, or store what it depends on in a field of the constraint.")
	c.needs(len(expressions) > 0, dialect.ExpressionIndexes, place, name, "Declare a field with Generated and index that.")
	c.needs(len(include) > 0, dialect.CoveringIndexes, place, name, "Leave Include out.")
	c.needs(len(classes) > 0, dialect.OperatorClasses, place, name, "Leave OperatorClasses out.")
}

// search reports an index for full-text search that the database cannot have, or whose language it does not know.
func (c *databaseCheck) search(m *schema.Model, x schema.Index) {
	if !x.Search {
		return
	}
	searcher, ok := c.dialect.(search.Searcher)
	if !ok {
		c.found = append(c.found, problem.Error("orm.E059", m.String(),
			fmt.Sprintf("the index %s is for full-text search, which %s does not have", x.Name, c.dialect.Name()), "Leave it out."))
		return
	}
	key := dialect.TypeUnknown
	if len(m.PrimaryKeys) == 1 {
		key = m.PK.StorageType()
	}
	if err := searcher.CheckSearch(key); err != nil {
		c.found = append(c.found, problem.Error("orm.E059", m.String(),
			fmt.Sprintf("the index %s for full-text search cannot be created: %s", x.Name, err), ""))
	}
	if !searcher.SearchesLanguage(x.Language) {
		c.found = append(c.found, problem.Warning("orm.W021", m.String(),
			fmt.Sprintf("the index %s has the language %q, of which %s knows no other forms of words, so that it finds them as they are "+
				"written", x.Name, x.Language, c.dialect.Name()), "Leave Language out, or use a database that knows the language."))
	}
}
