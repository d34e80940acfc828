package orm

import (
	"github.com/quintetgo/quintet/orm/columns"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/internal/compile"
)

// Window is the rows that an aggregate or a window function sees from each row. The zero value is all rows of the query.
// Its methods are PartitionBy, OrderBy, Rows and Range:
//
//	functions.RowNumber().Over(orm.Window{}.PartitionBy(Posts.AuthorID).OrderBy(Posts.Views.Desc()))
type Window = dynamic.Window

// The bounds of a window's frame that are no numbers of rows.
const (
	UnboundedPreceding = dynamic.UnboundedPreceding // the first row of the partition
	CurrentRow         = dynamic.CurrentRow
	UnboundedFollowing = dynamic.UnboundedFollowing // the last row of the partition
)

// Value returns a constant as an expression.
func Value[V any](v V) Expr[V] { return columns.NewExpr[V](compile.Constant(v)) }

// TextOf returns an expression with the lookups of text.
func TextOf(e Operand[string]) Text { return columns.TextOf(e) }

// When begins a value that depends on conditions: that of the first condition that holds.
//
//	heat := orm.When(Posts.Views.Gte(1000), "hot").When(Posts.Views.Gte(100), "warm").Else("cold")
func When[V any](cond Condition, v V) columns.Case[V] { return columns.Case[V]{}.When(cond, v) }

// WhenExpr is [When] with the value of an expression.
func WhenExpr[V any](cond Condition, v Operand[V]) columns.Case[V] {
	return columns.Case[V]{}.WhenExpr(cond, v)
}

// Bool returns whether a condition holds as a value, which is never NULL: orm.Bool(orm.Exists(comments)).
func Bool(cond Condition) Expr[bool] { return columns.NewExpr[bool](dynamic.Bool(cond).Compiled()) }

// Scalar returns the value of a query's first row, NULL if it selects none. In the query, EqOuter and [Outer] refer to columns
// of the outer one:
//
//	newest := orm.From(db, Comments).Filter(Comments.PostID.EqOuter(Posts.ID)).OrderBy(Comments.ID.Desc())
//	orm.From(db, Posts).Annotate("newest", orm.Scalar(newest, Comments.Text))
func Scalar[V any](q dynamic.Subquery, value Operand[V]) Expr[V] { return columns.Scalar(q, value) }

// Outer returns the value of a column in the query around the one that it is used in, for conditions that EqOuter does not
// cover: Comments.CreatedAt.GtExpr(orm.Outer(Posts.PublishedAt)).
func Outer[V any](value Operand[V]) Expr[V] { return columns.Outer(value) }
