package compile

import (
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/dialect/search"
	"github.com/quintetgo/quintet/orm/internal/datetime"
	"github.com/quintetgo/quintet/orm/internal/operand"
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
	case !schema.StorableText(value):
		c.noRow(k)
		return nil
	case value == "" && operation != dialect.TextEquals: // every text contains it
		c.Raw(k.left)
		c.Text(" IS NOT NULL")
		return nil
	}
	return c.MatchText(dialect.TextMatch{Left: k.left, Repeatable: k.plain, Operation: operation, IgnoreCase: ignoreCase, Value: value})
}

func (c *compiler) in(k *comparison) error {
	if q, ok := k.value.(*Query); ok {
		c.Raw(k.left)
		c.Text(" IN ")
		return c.subquery(q, k)
	}
	list, err := k.List(k.value)
	if err != nil {
		return err
	}
	values := make([]any, 0, len(list))
	for _, v := range list {
		if v = operand.Dereference(v); v == nil {
			continue // no value equals NULL
		}
		bound, err := k.Bound(v)
		if err != nil {
			return err
		}
		if _, none := bound.(operand.Gap); !none {
			values = append(values, bound)
		}
	}
	if len(values) == 0 {
		c.noRow(k)
		return nil
	}
	c.Raw(k.left)
	if len(values) < len(list) {
		k.number = 0 // the elements are not those of the list
	}
	c.inList(k, values)
	return nil
}

// maxList is the length of the longest list whose values are bound one by one.
const maxList = 256

// listSize returns the number of placeholders for so many values: up to a quarter more, so that there are few different
// statements.
func listSize(n int) int {
	step := 1
	for step*8 < n {
		step *= 2
	}
	return (n + step - 1) / step * step
}

// inList writes IN (…). Lists are padded with their last value; long ones are sent as one value that the database unpacks.
func (c *compiler) inList(k *comparison, values []any) {
	size := len(values)
	if size > maxList {
		if c.List(values) {
			return
		}
	} else {
		size = listSize(size)
	}
	c.Text(" IN (")
	for i := range size {
		if i > 0 {
			c.Text(", ")
		}
		c.bindFrom(k, min(i, len(values)-1), values[min(i, len(values)-1)])
	}
	c.Text(")")
}

func (c *compiler) between(k *comparison) error {
	list, err := k.List(k.value)
	if err != nil {
		return err
	}
	if len(list) != 2 {
		return k.Problem("range takes two values, not %d", len(list))
	}
	low, err := k.Bound(operand.Dereference(list[0]))
	if err != nil {
		return err
	}
	high, err := k.Bound(operand.Dereference(list[1]))
	if err != nil {
		return err
	}
	if g, ok := low.(operand.Gap); ok {
		low, k.number = g.Above, 0
	}
	if g, ok := high.(operand.Gap); ok {
		high, k.number = g.Below, 0
	}
	if low == nil || high == nil || len(k.keys) > 0 && jsonValueType(low) != jsonValueType(high) {
		c.noRow(k)
		return nil
	}
	c.Raw(k.left)
	c.Text(" BETWEEN ")
	c.bindFrom(k, 0, low)
	c.Text(" AND ")
	c.bindFrom(k, 1, high)
	return nil
}

// period replaces a comparison of a column's year or date by one of the column with the bounds of the period, for which the database
// can use an index. It returns false, and changes nothing, if it cannot.
func (c *compiler) period(k *comparison, transform string) bool {
	if !k.plain || k.Field == nil || !k.Field.ColumnKind().IsTime() {
		return false
	}
	switch k.Lookup {
	case schema.Exact, schema.Gt, schema.Gte, schema.Lt, schema.Lte:
	default:
		return false
	}
	var start, end time.Time
	switch transform {
	case "year":
		year, ok := yearOf(operand.Dereference(k.value))
		if !ok {
			return false
		}
		start = time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
		end = start.AddDate(1, 0, 0)
	case "date":
		if operand.Dereference(k.value) == nil {
			return false
		}
		if _, isExpr := k.value.(*Expr); isExpr {
			return false
		}
		t, err := k.Time(operand.Dereference(k.value))
		if err != nil {
			return false
		}
		start = time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
		end = start.AddDate(0, 0, 1)
		if !datetime.Fits(end) { // the last possible day; the day is compared as text
			return false
		}
	default:
		return false
	}
	k.Kind = k.Field.ColumnKind()
	switch k.Lookup {
	case schema.Exact:
		k.Lookup, k.value = periodLookup, [2]time.Time{start, end}
	case schema.Gte, schema.Lt:
		k.value = start
	case schema.Gt:
		k.Lookup, k.value = schema.Gte, end
	case schema.Lte:
		k.Lookup, k.value = schema.Lt, end
	}
	return true
}

// periodLookup compares with the start and the exclusive end of a period. It cannot be written in a path.
const periodLookup = "in period"

func (c *compiler) inPeriod(k *comparison, bounds [2]time.Time) error {
	start, err := k.Bound(bounds[0])
	if err != nil {
		return err
	}
	end, err := k.Bound(bounds[1])
	if err != nil {
		return err
	}
	c.Text("(")
	c.Raw(k.left)
	c.Text(" >= ")
	c.Bind(start)
	c.Text(" AND ")
	c.Raw(k.left)
	c.Text(" < ")
	c.Bind(end)
	c.Text(")")
	return nil
}

// yearOf returns a year that time.Time and the databases can represent.
func yearOf(v any) (int, bool) {
	rv := reflect.ValueOf(v)
	year := int64(0)
	switch {
	case !rv.IsValid():
		return 0, false
	case rv.CanInt():
		year = rv.Int()
	case rv.Kind() == reflect.String:
		n, err := strconv.ParseInt(rv.String(), 10, 64)
		if err != nil {
			return 0, false
		}
		year = n
	default:
		return 0, false
	}
	return int(year), year >= 1 && year <= 9998
}

// custom writes a registered lookup or transform, whose SQL has places for its arguments in their order.
func (c *compiler) custom(what, name string, byDatabase map[string]string, args ...func() error) error {
	template, ok := byDatabase[c.Dialect().Name()]
	if !ok {
		template, ok = byDatabase[""]
	}
	if !ok {
		return dialect.Unsupported(c.Dialect(), "the "+what+" "+name)
	}
	c.Text("(")
	for i, arg := range args {
		before, after, _ := strings.Cut(template, "$"+strconv.Itoa(i+1))
		c.Text(before)
		if err := arg(); err != nil {
			return err
		}
		template = after
	}
	c.Text(template)
	c.Text(")")
	return nil
}

// search writes a lookup in an index for full-text search. It returns whether its value may be NULL.
func (c *compiler) search(l *leaf, s *scope) (null bool, err error) {
	query, searcher, err := c.searched(l.path, l.value)
	if err != nil {
		return false, err
	}
	base, remaining := s.enclosing(l.steps)
	if l.negate {
		c.Text("(")
		defer c.Text(") IS NOT TRUE")
	}
	switch {
	case query.Nothing():
		c.Text("1 = 0")
		return false, nil
	case len(remaining) == 0:
		searcher.MatchSearch(&c.Writer, searchIndex(l.path, base.alias), query.Terms)
		return false, nil
	}
	m, alias := l.path.Field.Model, c.alias()
	if len(m.PrimaryKeys) > 1 {
		return false, lookupError(l.path.Model, l.path.Text, schema.Search,
			"the primary key of %s has several columns, and can be searched in queries on it only", m)
	}
	at := base.columnOf(c, remaining, m.PK) // in a query of its own, as the index is not used for joined tables
	c.Column(at.alias, at.column)
	c.Text(" IN (SELECT ")
	c.Column(alias, m.PK.Column)
	c.Text(" FROM ")
	c.Name(m.Table)
	c.Text(" AS " + alias + " WHERE ")
	searcher.MatchSearch(&c.Writer, searchIndex(l.path, alias), query.Terms)
	c.Text(")")
	return at.null && !l.negate, nil
}

// searchRank writes how well a row matches a search.
func (c *compiler) searchRank(e *Expr, s *scope) error {
	m := c.root().query.Model
	if err := CheckRoot(m, e.Root, e.Path); err != nil {
		return err
	}
	path, err := resolvePath(m, e.Path)
	if err != nil {
		return err
	}
	if path.Search == nil {
		return lookupError(m, e.Path, path.Lookup, "a rank is that of the lookup search, at the end of the path")
	}
	query, searcher, err := c.searched(path, e.Value)
	if err != nil {
		return err
	}
	base, remaining := s.enclosing(expandThrough(path.Steps))
	switch {
	case base.firstMany(remaining) >= 0:
		return lookupError(m, e.Path, e.Path,
			"the path leads to several rows, and each has a rank of its own; start the query at their model")
	case query.Nothing():
		c.BindTyped(0.0, dialect.TypeFloat)
		return nil
	}
	alias, _ := base.follow(c, remaining)
	searcher.RankSearch(&c.Writer, searchIndex(path, alias), query.Terms)
	return nil
}

// searched returns what the lookup "search" at the end of a path searches for.
func (c *compiler) searched(path *schema.Path, value any) (search.Query, search.Searcher, error) {
	k := operand.Target{Model: path.Model, Path: path.Text, Lookup: schema.Search, Dialect: c.Dialect()}
	v := reflect.ValueOf(operand.Dereference(value))
	if v.Kind() != reflect.String {
		return search.Query{}, nil, k.Problem("search takes a text, not %s", operand.Describe(value))
	}
	searcher, err := search.Of(c.Dialect())
	return search.Parse(v.String()), searcher, err
}

// searchIndex describes the index that a path ends in, of the table with an alias.
func searchIndex(path *schema.Path, alias string) search.Index {
	m := path.Field.Model
	x := search.Index{Name: path.Search.Name, Language: path.Search.Language, Alias: alias, Key: m.PK.Column}
	for _, name := range path.Search.Fields {
		x.Columns = append(x.Columns, m.ByName(name).Column)
	}
	return x
}
