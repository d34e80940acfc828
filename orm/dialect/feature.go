package dialect

// Feature is something in the description of a table that not every database has.
type Feature uint8

// The features that a database may lack.
const (
	PartialIndexes    Feature = iota // [Index] with a Where
	ExpressionIndexes                // [IndexColumn] with an Expression
	CoveringIndexes                  // [Index] with Include
	OperatorClasses                  // [IndexColumn] with an OperatorClass
	IndexMethods                     // [Index] with a Method
	NullsNotDistinct                 // [Index] with NullsNotDistinct
	DeferrableUnique                 // [Index] with a Deferrable
	StoredColumns                    // generated [Column] that is stored
	VirtualColumns                   // generated [Column] that is not stored
	Comments                         // comments of tables and columns
	ExactDecimals                    // decimals of more digits than a float has
)

var featureNames = [...]string{
	"partial indexes", "indexes on expressions", "indexes that include further columns", "operator classes of indexes",
	"methods of indexes", "unique constraints in which NULL equals NULL", "deferrable unique constraints",
	"generated columns that are stored", "generated columns that are not stored", "comments",
	"exact decimals of more than 15 digits",
}

// String returns the feature in words, such as "partial indexes".
func (f Feature) String() string {
	if int(f) < len(featureNames) {
		return featureNames[f]
	}
	return ""
}

// FeatureChecker is implemented by dialects of databases that lack a [Feature].
type FeatureChecker interface{ Has(f Feature) bool }

// Has reports whether a database has a feature. Dialects that are no [FeatureChecker] have all of them.
func Has(d Dialect, f Feature) bool {
	checker, ok := d.(FeatureChecker)
	return !ok || checker.Has(f)
}
