package compile

import (
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/schema"
)

// Through compiles the selection of q's objects that rows of a many-to-many relation tie to any of the given keys. from
// is the through model's foreign key that holds those keys, to the one that points at q's model. The key comes last in
// each row, behind the object's columns; an object comes once for each key it is tied to.
func Through(d dialect.Dialect, q *Query, from, to *schema.Field, keys []any) (*Rows, error) {
	c := newCompiler(d)
	s := c.begin(q)
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
	tied := *q
	tied.Where = append(append([]Node{}, q.Where...), Node{Op: tiedTo, Value: tie{alias, from.Column, keys}})
	s.query = &tied
	if err := c.query(&tied, s, list); err != nil {
		return nil, err
	}
	statement, err := c.done()
	return &Rows{Statement: statement, Objects: objects}, err
}

// tie is the value of a condition on a through table.
type tie struct {
	alias, column string
	keys          []any
}

func (c *compiler) tied(t tie) {
	c.Column(t.alias, t.column)
	c.inList(t.keys)
}
