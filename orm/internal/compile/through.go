package compile

import (
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/schema"
)

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
