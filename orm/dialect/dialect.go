// Package dialect describes what differs between databases: how they quote names and number arguments, how they compare
// text, read dates and JSON, insert rows, and change tables.
//
// A database is one folder with a [Driver]. Its [Dialect] has four methods; everything else is a capability that the
// same value implements or not, as with package io/fs: [TextMatcher], [DateExtractor], [JSONQuerier], [ListWriter],
// [ColumnReader], [ParameterTyper], [Assigner], [Calculator], [Inserter], [Limiter], [Locker], [ResultKeyer], [RandomOrderer], [Sizer],
// [Translator], [Explainer], [SizeChecker], [RowEstimator], [TxOptioner], [ConflictChecker], [TransactionAborter], and for
// migrations [Planner], [Executor], [Previewer] and [Introspector]; package search has that of full-text search. Code that
// writes SQL uses the methods of a [Writer], which fall back to standard SQL where there is a standard, and otherwise
// return an [UnsupportedError]. No code outside of a driver's folder compares the name of a database.
package dialect

import "fmt"

// Dialect is how a database writes SQL. Implementations have no state and are safe for concurrent use.
type Dialect interface {
	// Name is the database's name for messages, such as "sqlite".
	Name() string
	// Quote returns the name of a table, column or index as an identifier, in the database's quotation marks. Of the
	// empty name it returns the two marks.
	Quote(name string) string
	// Placeholder is the nth argument of a statement, from 1: "?" or "$1".
	Placeholder(n int) string
	// MaxArguments is the largest number of arguments that one statement takes.
	MaxArguments() int
}

// Sizer is implemented by dialects of databases that limit the length of a statement.
type Sizer interface {
	// MaxStatement is the largest number of bytes in the text of one statement.
	MaxStatement() int
}

// MaxStatement returns the largest number of bytes in the text of one statement, or 0 if the database has no limit that
// a program reaches.
func MaxStatement(d Dialect) int {
	if s, ok := d.(Sizer); ok {
		return s.MaxStatement()
	}
	return 0
}

// UnsupportedError reports that a database, or its driver, lacks a capability.
type UnsupportedError struct {
	Database string // the dialect's name
	Feature  string // what is missing, such as "lookups in JSON"
}

// Error names the database and the feature.
func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("orm: the database %q does not support %s", e.Database, e.Feature)
}

// Unsupported returns an [UnsupportedError] that names the database of d and the feature.
func Unsupported(d Dialect, feature string) error {
	return &UnsupportedError{Database: d.Name(), Feature: feature}
}
