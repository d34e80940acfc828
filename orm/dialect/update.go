package dialect

// TargetReader is implemented by dialects of databases that may refuse an UPDATE with a subquery over the table that it
// changes.
type TargetReader interface{ ReadsTarget() bool }

// ReadsTarget reports whether an UPDATE may have a subquery over the table that it changes.
func ReadsTarget(d Dialect) bool {
	r, ok := d.(TargetReader)
	return !ok || r.ReadsTarget()
}
