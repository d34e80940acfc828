package dialect

// NullSorter is implemented by dialects of databases that sort NULL otherwise than before all other values.
type NullSorter interface {
	// NullsAreGreatest reports whether NULL comes last in ascending order.
	NullsAreGreatest() bool
}

// NullsAreGreatest reports whether NULL comes after all other values in ascending order, by default not.
func NullsAreGreatest(d Dialect) bool {
	s, ok := d.(NullSorter)
	return ok && s.NullsAreGreatest()
}
