package compile

import (
	"fmt"
	"slices"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/schema"
)

// Rows is a selection of objects. Its columns are those of each object in turn.
type Rows struct {
	Statement
	Objects []Object
}

// Object describes the columns of one object in a row.
type Object struct {
	Model  *schema.Model
	Fields []*schema.Field
	Parent int         // index of the object that refers to it; -1 for the selected object itself
	Step   schema.Step // from the parent
}

// Select compiles the selection of whole objects.
func Select(d dialect.Dialect, q *Query) (*Rows, error) {
	c := newCompiler(d)
	s := c.pushQuery(q)
	objects, aliases, err := c.objects(q, s)
	if err != nil {
		return nil, err
	}
	list, err := c.Capture(func() error {
		for i, o := range objects {
			for j, f := range o.Fields {
				if i > 0 || j > 0 {
					c.Text(", ")
				}
				c.ReadColumn(aliases[i], f.Column, f.StorageType())
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := c.query(q, s, list); err != nil {
		return nil, err
	}
	statement, err := c.statement()
	return &Rows{Statement: statement, Objects: objects}, err
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
	return objects, aliases, nil
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

// Through compiles the selection of q's objects that rows of a through table link to any of the keys. from is the through
// model's foreign key that holds those keys, to the one that refers to q's model. The key is the last column of each row,
// after the object's; an object is selected once for each key that it is linked to.
func Through(d dialect.Dialect, q *Query, from, to *schema.Field, keys []any) (*Rows, error) {
	c := newCompiler(d)
	s := c.pushQuery(q)
	target := to.Relation.ToField
	if target == nil {
		target = q.Model.PK
	}
	alias := c.alias()
	s.joins = append(s.joins, join{
		table: from.Model.Table, alias: alias, column: to.Column, fromAlias: s.alias, fromColumn: target.Column,
	})
	objects, aliases, err := c.objects(q, s)
	if err != nil {
		return nil, err
	}
	list, err := c.Capture(func() error {
		for i, o := range objects {
			for _, f := range o.Fields {
				c.ReadColumn(aliases[i], f.Column, f.StorageType())
				c.Text(", ")
			}
		}
		c.Column(alias, from.Column)
		return nil
	})
	if err != nil {
		return nil, err
	}
	linked := *q
	linked.Where = append(append([]Node{}, q.Where...), Node{Op: throughKeyIn, Value: throughKey{alias, from.Column, keys}})
	s.query = &linked
	if err := c.query(&linked, s, list); err != nil {
		return nil, err
	}
	statement, err := c.statement()
	return &Rows{Statement: statement, Objects: objects}, err
}

// throughKey is the value of a condition on a through table.
type throughKey struct {
	alias, column string
	keys          []any
}

func (c *compiler) throughKeyIn(k throughKey) {
	c.Column(k.alias, k.column)
	c.inList(k.keys)
}
