// Package columns has the types that generated columns consist of: a column for each kind of value, paths of relations,
// and the conditions, orders, assignments and expressions that their methods return. The files that "quintet generate"
// writes import it. Package orm has other names for the types that are written by hand, such as orm.Condition.
package columns
