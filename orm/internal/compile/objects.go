package compile

import (
	"fmt"
	"slices"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/schema"
)

// Rows is a selection of objects. Its columns are those of each object in turn, and then the values.
type Rows struct {
	Statement
	Objects []Object
	Values  Cells // of [SelectWith]; its Statement is empty
}

// Object describes the columns of one object in a row.
type Object struct {
	Model  *schema.Model
	Fields []*schema.Field
	Unread []*schema.Field // the columns that are not selected
	Parent int             // index of the object that refers to it; -1 for the selected object itself
	Step   schema.Step     // from the parent
}

// Columns is which fields of a query's objects are read. Paths are names, or names after a selected relation. The keys of
// objects, and what relations refer to, are read in any case.
type Columns struct {
	Only  []string // nothing else of the objects that these are fields of; nil for everything
	Defer []string // not these
}

// All reports whether every field is read.
func (c Columns) All() bool { return c.Only == nil && c.Defer == nil }

// Select compiles the selection of whole objects.
func Select(d dialect.Dialect, q *Query) (*Rows, error) { return SelectWith(d, q, nil) }

// SelectWith compiles the selection of whole objects and of single values, paths or names of annotations, which follow in
// each row.
func SelectWith(d dialect.Dialect, q *Query, values []string) (*Rows, error) {
	c := newCompiler(d)
	q, err := distinctRows(q)
	if err != nil {
		return nil, err
	}
	s := c.pushQuery(q)
	objects, aliases, err := c.objects(q, s)
	if err != nil {
		return nil, err
	}
	rows := &Rows{Objects: objects}
	list, err := c.Capture(func() error {
		c.objectColumns(objects, aliases)
		if len(values) == 0 {
			return nil
		}
		c.Text(", ")
		return c.cells(&rows.Values, values, s)
	})
	if err != nil {
		return nil, err
	}
	if err := c.query(q, s, list); err != nil {
		return nil, err
	}
	rows.Statement, err = c.statement()
	return rows, err
}

func (c *compiler) objectColumns(objects []Object, aliases []string) {
	for i, o := range objects {
		for j, f := range o.Fields {
			if i > 0 || j > 0 {
				c.Text(", ")
			}
			c.ReadColumn(aliases[i], f.Column, f.StorageType())
		}
	}
}

// objects returns the objects to select, the query's own and every one on its related paths, and their aliases.
func (c *compiler) objects(q *Query, s *scope) ([]Object, []string, error) {
	objects := []Object{{Model: q.Model, Fields: q.Model.Fields, Parent: -1}}
	aliases := []string{s.alias}
	known := [][]schema.Step{nil}
	for _, text := range q.Related {
		path, err := q.Model.ResolveRelation(text)
		if err != nil {
			return nil, nil, err
		}
		if err := path.CheckLocal(); err != nil {
			return nil, nil, err
		}
		if path.ToMany() {
			return nil, nil, lookupError(q.Model, text, text, "SelectRelated takes relations to one object; use Prefetch for those to many")
		}
		parent := 0
		for i, step := range path.Steps {
			if at := slices.IndexFunc(known, func(k []schema.Step) bool { return slices.Equal(k, path.Steps[:i+1]) }); at >= 0 {
				parent = at
				continue
			}
			if err := requireStructField(q.Model, text, step); err != nil {
				return nil, nil, err
			}
			alias, _ := s.follow(c, path.Steps[:i+1])
			objects = append(objects, Object{Model: step.To(), Fields: step.To().Fields, Parent: parent, Step: step})
			aliases = append(aliases, alias)
			known = append(known, path.Steps[:i+1])
			parent = len(known) - 1
		}
	}
	if q.Columns.All() {
		return objects, aliases, nil
	}
	return objects, aliases, chooseColumns(q, objects, known)
}

// chooseColumns removes the columns that q does not read from objects, which are at the end of paths.
func chooseColumns(q *Query, objects []Object, paths [][]schema.Step) error {
	only, err := namedFields(q, "Only", q.Columns.Only, paths)
	if err != nil {
		return err
	}
	deferred, err := namedFields(q, "Defer", q.Columns.Defer, paths)
	if err != nil {
		return err
	}
	for i := range objects {
		o := &objects[i]
		var read []*schema.Field
		for _, f := range o.Model.Fields {
			wanted := (only[i] == nil || only[i][f]) && !deferred[i][f]
			if wanted || connects(f) {
				read = append(read, f)
			} else {
				o.Unread = append(o.Unread, f)
			}
		}
		o.Fields = read
	}
	return nil
}

// connects reports whether rows are connected by the field: it is part of the primary key, a foreign key, or what one refers to.
func connects(f *schema.Field) bool {
	return f.PrimaryKey || f.Version || f.Relation != nil ||
		slices.ContainsFunc(f.Model.Reverse, func(r *schema.Relation) bool { return r.ToField == f })
}

// namedFields returns the fields that names lead to, for each of the objects at the end of paths. It is nil for objects none of
// whose fields are named.
func namedFields(q *Query, method string, names []string, paths [][]schema.Step) ([]map[*schema.Field]bool, error) {
	fields := make([]map[*schema.Field]bool, len(paths))
	for _, name := range names {
		path, _, err := plainPath(q.Model, name)
		if err != nil {
			return nil, err
		}
		if len(path.Transforms)+len(path.Keys) > 0 || path.Field.Column == "" {
			return nil, lookupError(q.Model, name, name, "%s takes fields that are stored in a column", method)
		}
		at := slices.IndexFunc(paths, func(steps []schema.Step) bool { return slices.Equal(steps, path.Steps) })
		if at < 0 {
			return nil, lookupError(q.Model, name, name, "%s takes fields of objects that the query reads; add SelectRelated, "+
				"or use it in the query of PrefetchQuery", method)
		}
		if fields[at] == nil {
			fields[at] = map[*schema.Field]bool{}
		}
		fields[at][path.Field] = true
	}
	return fields, nil
}

// requireStructField returns an error for a relation whose objects have no struct field to be stored in.
func requireStructField(m *schema.Model, text string, step schema.Step) error {
	name := step.Relation.GoName
	if step.Reverse {
		name = step.Relation.ReverseGoName
	}
	if name != "" {
		return nil
	}
	return &schema.LookupError{
		Model: m, Path: text, Part: step.Name(),
		Problem: fmt.Sprintf("%s has no struct field to load %q into", step.From(), step.Name()),
	}
}

// Link is the selection of the objects that rows of a through table link to some keys.
type Link struct {
	From *schema.Field // the through model's foreign key that holds the keys
	To   *schema.Field // the one that refers to the objects
	Keys any           // a []int64 or []any, as they are bound
}

// Through compiles the selection of q's objects that rows of a through table link to any of the keys. The key is the last column
// of each row, after the object's; an object is selected once for each key that it is linked to.
func Through(d dialect.Dialect, q *Query, link Link) (*Rows, error) {
	c := newCompiler(d)
	number := q.next
	q, err := distinctRows(q)
	if err != nil {
		return nil, err
	}
	s := c.pushQuery(q)
	target := link.To.Relation.ToField
	if target == nil {
		target = q.Model.PK
	}
	alias := c.alias()
	s.joins = append(s.joins, join{
		table: link.From.Model.Table, alias: alias, column: link.To.Column, fromAlias: s.alias, fromColumn: target.Column,
	})
	objects, aliases, err := c.objects(q, s)
	if err != nil {
		return nil, err
	}
	list, err := c.Capture(func() error {
		c.objectColumns(objects, aliases)
		c.Text(", ")
		c.Column(alias, link.From.Column)
		return nil
	})
	if err != nil {
		return nil, err
	}
	linked := *q
	linked.Where = append(append([]Node{}, q.Where...), Node{Op: throughKeyIn, Value: throughKey{alias, link, number}})
	s.query = &linked
	if err := c.query(&linked, s, list); err != nil {
		return nil, err
	}
	statement, err := c.statement()
	return &Rows{Statement: statement, Objects: objects}, err
}

// throughKey is the value of a condition on a through table.
type throughKey struct {
	alias string
	Link
	number int // of the keys; see Query.Numbered
}

// throughKeyIn writes the condition on a through table that is joined to the table of s.
func (c *compiler) throughKeyIn(k throughKey, s *scope) error {
	keys, ok := k.Keys.([]any)
	if ints, typed := k.Keys.([]int64); typed {
		keys, ok = make([]any, len(ints)), true
		for i, n := range ints {
			keys[i] = n
		}
	}
	if !ok {
		return fmt.Errorf("orm: the keys of %s are a %T", k.From, k.Keys)
	}
	c.Column(k.alias, k.From.Column)
	c.inList(&comparison{number: k.number, asBound: true}, keys)
	return c.throughScopes(s, k.alias, k.To)
}

// Lock is how the rows of a query are locked. The rows of its own model always are.
type Lock struct {
	NoWait     bool     // a locked row is an error
	SkipLocked bool     // rows that are locked are left out
	NoKey      bool     // rows that refer to the locked ones can be inserted
	Of         []string // selected relations whose rows are locked too
}

// lock writes the clause that locks the rows of a query, after everything else of it.
func (c *compiler) lock(q *Query, s *scope) error {
	if q.Distinct || q.Groups != nil || q.Source != nil {
		return fmt.Errorf("orm: %s: ForUpdate locks rows of the table, and this query has none: remove Distinct, DistinctOn, GroupBy "+
			"or the combination, or lock a query that filters by the keys", q.Model)
	}
	if q.Lock.NoWait && q.Lock.SkipLocked {
		return fmt.Errorf("orm: %s: ForUpdate takes either NoWait or SkipLocked", q.Model)
	}
	lock := dialect.Lock{NoWait: q.Lock.NoWait, SkipLocked: q.Lock.SkipLocked, NoKey: q.Lock.NoKey}
	if len(s.joins) > 0 { // otherwise the rows of joined tables would be locked as well
		lock.Of = append(lock.Of, s.alias)
	}
	for _, text := range q.Lock.Of {
		path, err := q.Model.ResolveRelation(text)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(s.joins, func(j join) bool { return slices.Equal(j.steps, path.Steps) })
		if at < 0 || !slices.ContainsFunc(q.Related, func(r string) bool { return startsWithPath(r, text) }) {
			return lookupError(q.Model, text, text, "ForUpdate locks rows that the query reads; add SelectRelated for this relation")
		}
		lock.Of = append(lock.Of, s.joins[at].alias)
	}
	return c.Lock(lock)
}

// startsWithPath reports whether a path of relations is another one, or continues it.
func startsWithPath(path, start string) bool {
	return path == start || len(path) > len(start)+2 && path[:len(start)] == start && path[len(start):len(start)+2] == "__"
}
