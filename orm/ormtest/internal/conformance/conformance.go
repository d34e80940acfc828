// Package conformance holds the tests that every database driver passes; see ormtest.RunDriver.
package conformance

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/ormtest/internal/conformance/documents"
	"github.com/quintetgo/quintet/orm/ormtest/internal/conformance/fulltext"
	"github.com/quintetgo/quintet/orm/ormtest/internal/conformance/locking"
	"github.com/quintetgo/quintet/orm/ormtest/internal/conformance/random"
	"github.com/quintetgo/quintet/orm/ormtest/internal/conformance/relations"
)

// Run runs the tests, each on databases that open returns: empty ones, closed when the test ends.
func Run(t *testing.T, open func(t testing.TB) *orm.DB) {
	s := suite{open}
	for _, test := range []struct {
		name string
		run  func(t *testing.T, s suite)
	}{
		{"text", testText},
		{"regular expressions", testRegex},
		{"text with special characters", testSpecialText},
		{"truth table", testTruth},
		{"refused values", testRefused},
		{"random queries", testRandomQueries},
		{"hostile names", testHostileNames},
		{"unstorable text", testUnstorable},
		{"parts of dates", testDates},
		{"periods", testPeriods},
		{"JSON", testJSON},
		{"truth table of JSON", testDocuments},
		{"lists", testLists},
		{"limits", testLimits},
		{"single rows", testSingleRows},
		{"arithmetic", testArithmetic},
		{"boundary values", testBoundaries},
		{"assigned expressions", testAssignments},
		{"inserted keys", testInsertedKeys},
		{"default values", testDefaultValues},
		{"conflicts", testConflicts},
		{"matched rows", testMatchedRows},
		{"bulk updates", testBulkUpdate},
		{"upserts", testUpsert},
		{"missing rows", testCreateMissing},
		{"versions", testVersions},
		{"keys that exist", testKeysThatExist},
		{"races for one row", testRaces},
		{"links", testLinks},
		{"transactions", testTransactions},
		{"savepoints", testSavepoints},
		{"transactions that only read", testReadOnly},
		{"isolation levels", testIsolation},
		{"retried transactions", testRetry},
		{"deadlocks", testDeadlock},
		{"handled errors", testHandledErrors},
		{"failed writes", testFailedWrites},
		{"default scopes", testScopes},
		{"marked rows", testSoftDelete},
		{"tenants", testTenants},
		{"concurrent transactions", testConcurrency},
		{"row locks", testLocks},
		{"row locks of two transactions", testTwoLocks},
		{"canceled contexts", testCancel},
		{"large results", testStreams},
		{"canceled results", testCanceledStreams},
		{"constraint violations", testViolations},
		{"errors that are no violations", testOtherErrors},
		{"introspection", testIntrospection},
		{"changes of tables", testChanges},
		{"kept rows", testKeptRows},
		{"failed migrations", testFailedMigration},
		{"plans", testPlans},
		{"quoted names", testNames},
		{"estimates", testEstimates},
		{"rules for deletions", testDeleteRules},
		{"generated columns", testGenerated},
		{"defaults of columns", testDatabaseDefaults},
		{"columns that are only inserted", testPermissions},
		{"unsigned columns", testUnsigned},
		{"IP addresses", testAddresses},
		{"bytes of limited size", testBinarySize},
		{"keys of 16 and 32 bits", testSmallKeys},
		{"comments", testComments},
		{"changes of columns with options", testColumnChanges},
		{"constraints before a write", testConstraints},
		{"constraints in transactions", testConstraintsInTransactions},
		{"constraints that some databases have", testOptionalConstraints},
		{"combined queries", testCombined},
		{"annotations of combined queries", testCombinedAnnotations},
		{"queries that cannot be combined", testCombinedErrors},
		{"distinct rows", testDistinctRows},
		{"partial objects", testPartial},
		{"partial related objects", testPartialRelated},
		{"locked queries", testForUpdate},
		{"pages by cursor", testCursors},
		{"cursors that are refused", testCursorErrors},
		{"chunks", testChunks},
		{"objects with values", testObjectsWithValues},
		{"membership", testMembership},
		{"relations of read objects", testLoad},
		{"lists of dates", testDateLists},
		{"statements by hand", testRaw},
		{"explanations", testExplain},
		{"functions", testFunctions},
		{"functions of NULL", testNullFunctions},
		{"windows", testWindows},
		{"aggregates", testAggregates},
		{"long aggregates", testLongAggregates},
		{"expressions in queries", testExpressionQueries},
		{"filtered relations", testFilteredRelations},
		{"registered lookups", testCustomLookups},
		{"relations", testRelations},
		{"full-text search", testSearch},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, s) })
	}
}

// testRandomQueries compares random queries with an evaluation in Go.
func testRandomQueries(t *testing.T, s suite) { random.Run(t, s.tables(t, random.App{})) }

// testRelations runs the tests of package relations.
func testRelations(t *testing.T, s suite) { relations.Run(t, s.tables(t, relations.App{})) }

// testDocuments compares lookups in JSON with an evaluation in Go.
func testDocuments(t *testing.T, s suite) { documents.Run(t, s.tables(t, documents.App{})) }

// testTwoLocks checks what the lock of one transaction does to another.
func testTwoLocks(t *testing.T, s suite) { locking.Run(t, s.tables(t, locking.App{})) }

// testSearch compares what full-text search finds.
func testSearch(t *testing.T, s suite) { fulltext.Run(t, s.open) }

type suite struct{ open func(t testing.TB) *orm.DB }

// models returns a database with the tables of the suite's models.
func (s suite) models(t *testing.T) *orm.DB {
	t.Helper()
	return s.tables(t, app{})
}

// tables returns a database with the tables of an app's models.
func (s suite) tables(t *testing.T, app orm.ModelsApp) *orm.DB {
	t.Helper()
	db := s.open(t)
	if err := migrate.Register(db, app); err != nil {
		t.Fatal(err)
	}
	if err := migrate.CreateTables(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return db
}

// app has the suite's models.
type app struct{}

func (app) Name() string  { return "driver" }
func (app) Models() []any { return []any{&Owner{}, &Record{}} }

// Owner is referenced by records.
type Owner struct {
	ID   int64
	Name string `gorm:"size:40"`
}

// Record has a column of every type.
type Record struct {
	ID      int64
	Code    string  `gorm:"size:40;uniqueIndex"`
	Text    *string `gorm:"type:text"`
	Count   int64
	Small   int16
	Price   *string `gorm:"type:decimal(10,2)"`
	Ratio   float64
	Active  bool
	Day     *time.Time `gorm:"type:date"`
	At      *time.Time
	Data    *json.RawMessage
	Blob    []byte
	OwnerID *int64
	Owner   *Owner
}

// Fields implements orm's Fielder.
func (r *Record) Fields(f *orm.Fields) {
	orm.Describe(f, &r.Blob).Blank()
	orm.FK(f, &r.Owner).OnDelete(orm.SetNull).Related("records")
}

// Meta implements orm's Metaer.
func (Record) Meta() orm.Meta {
	return orm.Meta{
		Unique: []orm.Unique{{Name: "driver_record_small_count", Fields: []string{"small", "count"}, Where: "small <> 0"}},
		Checks: []orm.Check{{Name: "driver_record_count_min", SQL: "count > -1000"}},
	}
}

// create inserts records without validation, so that a driver gets values as they are.
func create(t *testing.T, db *orm.DB, records ...*Record) {
	t.Helper()
	if err := db.SkipValidation().CreateAll(t.Context(), records); err != nil {
		t.Fatal(err)
	}
}

// codes returns the sorted codes of the records of a query.
func codes(t *testing.T, q orm.Query[Record]) []string {
	t.Helper()
	all, err := q.All(t.Context())
	if err != nil {
		text, _, _ := q.SQL()
		t.Fatalf("%v\n%s", err, text)
	}
	list := make([]string, len(all))
	for i, r := range all {
		list[i] = r.Code
	}
	slices.Sort(list)
	return list
}

// wantCodes compares the codes of a query's records with want, in any order.
func wantCodes(t *testing.T, name string, q orm.Query[Record], want []string) {
	t.Helper()
	want = slices.Sorted(slices.Values(want))
	if got := codes(t, q); !slices.Equal(got, want) {
		text, args, _ := q.SQL()
		t.Errorf("%s: got [%s], want [%s]\n%s %v", name, strings.Join(got, " "), strings.Join(want, " "), text, args)
	}
}

func records(db *orm.DB) orm.Query[Record] { return orm.Objects[Record](db) }

func ptr[T any](v T) *T { return &v }
