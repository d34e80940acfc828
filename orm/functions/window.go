package functions

import "github.com/quintetgo/quintet/orm/columns"

// RowNumber returns the number of the row in its partition, from 1.
func RowNumber() columns.WindowFunction[int64] {
	return windowOf[int64]("row_number")
}

// Rank returns the rank of the row in its partition, from 1. Rows that the order leaves equal have one rank, and the next ranks are
// skipped.
func Rank() columns.WindowFunction[int64] {
	return windowOf[int64]("rank")
}

// DenseRank returns the rank of the row in its partition, from 1, without gaps.
func DenseRank() columns.WindowFunction[int64] {
	return windowOf[int64]("dense_rank")
}

// PercentRank returns the rank of the row less one, divided by the number of other rows: from 0 to 1.
func PercentRank() columns.WindowFunction[float64] {
	return windowOf[float64]("percent_rank")
}

// CumeDist returns the share of the rows of the partition that are not after the row: above 0 up to 1.
func CumeDist() columns.WindowFunction[float64] {
	return windowOf[float64]("cume_dist")
}

// NTile returns the number of the part that the row is in, if the partition is divided into n parts of equal size.
func NTile(n int) columns.WindowFunction[int64] {
	return windowOf[int64]("ntile", constant(n))
}

// Lag returns the value in the row that is offset rows before, NULL if there is none.
func Lag[V any](v columns.Operand[V], offset int) columns.WindowFunction[V] {
	return windowOf[V]("lag", arg(v), constant(offset))
}

// Lead returns the value in the row that is offset rows after, NULL if there is none.
func Lead[V any](v columns.Operand[V], offset int) columns.WindowFunction[V] {
	return windowOf[V]("lead", arg(v), constant(offset))
}

// LagOr is [Lag] with a value for rows that have no row before them.
func LagOr[V any](v columns.Operand[V], offset int, missing V) columns.WindowFunction[V] {
	return windowOf[V]("lag", arg(v), constant(offset), constant(missing))
}

// LeadOr is [Lead] with a value for rows that have no row after them.
func LeadOr[V any](v columns.Operand[V], offset int, missing V) columns.WindowFunction[V] {
	return windowOf[V]("lead", arg(v), constant(offset), constant(missing))
}

// FirstValue returns the value in the first row of the frame.
func FirstValue[V any](v columns.Operand[V]) columns.WindowFunction[V] {
	return windowOf[V]("first_value", arg(v))
}

// LastValue returns the value in the last row of the frame. With an order and no frame that is the current row, or one equal to it.
func LastValue[V any](v columns.Operand[V]) columns.WindowFunction[V] {
	return windowOf[V]("last_value", arg(v))
}

// NthValue returns the value in the nth row of the frame, from 1, NULL if there is none.
func NthValue[V any](v columns.Operand[V], n int) columns.WindowFunction[V] {
	return windowOf[V]("nth_value", arg(v), constant(n))
}
