package orm

import (
	"reflect"

	"github.com/quintetgo/quintet/orm/columns"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/schema"
)

// The types of what generated columns return. They are those of package columns, where their methods are.
type (
	// Condition is a condition on the rows of a query, as the methods of generated columns return it. Its methods And, Or
	// and Not combine it with others. It knows the model that its paths start at: a query on another model returns an
	// error. The zero value is always true.
	Condition = dynamic.Condition
	// Order is one term of a query's order, as the methods Asc and Desc of columns return it.
	Order = dynamic.Order
	// Assign assigns a value to a column in Update, as the methods Set, SetTo and SetNull of columns return it.
	Assign = columns.Assign
	// Expr is a value of type V that the database computes from the columns of a row.
	Expr[V any] = columns.Expr[V]
	// AggregateExpr is a value of type V that the database computes over several rows.
	AggregateExpr[V any] = columns.AggregateExpr[V]
	// Text is an expression of text, with the lookups of text. [TextOf] returns it.
	Text = columns.Text
	// Operand is a column, an expression or an aggregate with values of type V.
	Operand[V any] = columns.Operand[V]
	// Relation is a path of relations, as the methods of generated columns return it: Posts.Author().
	Relation = columns.Relation
	// Selection is a column or a relation, as [Query.GroupBy] and EqOuter take it.
	Selection = columns.Selection
	// Columns are the generated columns of T.
	Columns[T any] = columns.Columns[T]
)

// CustomLookup is a comparison that a program adds to the lookups. Its fields are Name, Kinds and SQL.
type CustomLookup = schema.CustomLookup

// CustomTransform is a computed value that a program adds to the transforms of lookups. Its fields are Name, Kinds, Result and SQL.
type CustomTransform = schema.CustomTransform

// RegisterLookup adds a lookup for all queries of the program. Call it from an init function. It panics if the name is taken or
// the lookup is not complete.
//
//	orm.RegisterLookup(orm.CustomLookup{
//		Name: "sounds_like", Kinds: []schema.Kind{schema.KindChar}, SQL: map[string]string{"": "soundex($1) = soundex($2)"},
//	})
func RegisterLookup(l CustomLookup) { schema.RegisterLookup(l) }

// RegisterTransform adds a transform for all queries of the program. Call it from an init function. It panics if the name is
// taken or the transform is not complete.
func RegisterTransform(t CustomTransform) { schema.RegisterTransform(t) }

// Lookup returns the condition that a lookup on rows of T holds: orm.Lookup[Post]("title__icontains", "x"). See package dynamic
// for lookups.
func Lookup[T any](lookup string, value any) Condition {
	node := dynamic.Is(lookup, value).Compiled()
	node.Root = reflect.TypeFor[T]()
	return dynamic.NewCondition(node)
}

// And returns the condition that all conditions hold. Those across the same relation to many objects hold for the same
// related object. And of nothing is true.
func And(conds ...Condition) Condition { return dynamic.And(conds...) }

// Or returns the condition that at least one condition holds. Or of nothing is false.
func Or(conds ...Condition) Condition { return dynamic.Or(conds...) }

// Xor returns the condition that an odd number of conditions hold: of two, exactly one. Each refers to related objects of its
// own, as with Not. Xor of nothing is false.
func Xor(conds ...Condition) Condition { return dynamic.Xor(conds...) }

// Is returns the condition that a lookup holds for the value of a column, such as one added by [RegisterLookup]:
// orm.Is(Authors.Name, "sounds_like", "Meier").
func Is(s Selection, lookup string, value any) Condition { return columns.Is(s, lookup, value) }

// Not returns the condition that the conditions do not all hold. A comparison with NULL does not hold, so Not of it is true.
func Not(conds ...Condition) Condition { return dynamic.Not(conds...) }

// Exists returns the condition that a query selects a row. EqOuter compares columns of that query with those of the outer one:
//
//	orm.From(db, Posts).Filter(orm.Exists(orm.From(db, Comments).Filter(Comments.Author().ID.EqOuter(Posts.AuthorID))))
func Exists(q dynamic.Subquery) Condition { return dynamic.Exists(q) }
