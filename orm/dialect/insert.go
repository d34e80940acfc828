package dialect

// KeySource is where a program gets the keys that the database assigned to inserted rows.
type KeySource uint8

// The sources of keys.
const (
	// KeysReturned: INSERT takes a RETURNING clause.
	KeysReturned KeySource = iota
	// KeysFromFirst: sql.Result.LastInsertId is the key of the first row of the statement, and the others follow it.
	KeysFromFirst
	// KeysFromLast: sql.Result.LastInsertId is the key of the last row of the statement, and the others precede it.
	KeysFromLast
)

// Conflict is what an INSERT does with a row that would break a unique constraint.
type Conflict struct {
	// Table is the table of the INSERT; it is needed with Increment only.
	Table string
	// Columns are those of the constraint; none means any constraint, which is allowed without Update only.
	Columns []string
	// Update are the columns of the existing row that get the new row's values.
	Update []string
	// Increment are the columns of the existing row to which 1 is added. Without Update and Increment the new row is skipped.
	Increment []string
}

// Inserter is implemented by dialects of databases that insert otherwise than with DEFAULT VALUES, ON CONFLICT and
// RETURNING.
type Inserter interface {
	// DefaultValues is what follows the table in an INSERT of a row without values.
	DefaultValues() string
	// OnConflict appends a clause to an INSERT.
	OnConflict(w *Writer, c Conflict)
	// KeySource returns where the keys of inserted rows come from.
	KeySource() KeySource
}

// Keys returns where the keys of rows inserted into a database come from, by default a RETURNING clause.
func Keys(d Dialect) KeySource {
	if i, ok := d.(Inserter); ok {
		return i.KeySource()
	}
	return KeysReturned
}

// ResultKeyer is implemented by dialects of databases with a RETURNING clause that also report the number that they gave
// to a single inserted row as sql.Result.LastInsertId, which takes less time to read.
type ResultKeyer interface {
	ResultHasKey() bool
}

// ResultHasKey reports whether the number of a single inserted row is in the result of its INSERT, whatever [Keys] returns.
func ResultHasKey(d Dialect) bool {
	k, ok := d.(ResultKeyer)
	return Keys(d) != KeysReturned || ok && k.ResultHasKey()
}

// KeyStepper is implemented by dialects of databases whose servers may number rows in steps greater than 1.
type KeyStepper interface {
	// KeyStep is the distance between the keys of two rows of one INSERT.
	KeyStep() int64
}

// KeyStep returns the distance between the keys of two rows of one INSERT, 1 unless the dialect is a [KeyStepper].
func KeyStep(d Dialect) int64 {
	if s, ok := d.(KeyStepper); ok {
		return s.KeyStep()
	}
	return 1
}

// DefaultValues appends to "INSERT INTO table" what inserts a row without values.
func (w *Writer) DefaultValues() {
	if i, ok := w.dialect.(Inserter); ok {
		w.Text(i.DefaultValues())
		return
	}
	w.Text(" DEFAULT VALUES")
}

// OnConflict appends to an INSERT what it does with rows that exist.
func (w *Writer) OnConflict(c Conflict) {
	if i, ok := w.dialect.(Inserter); ok {
		i.OnConflict(w, c)
		return
	}
	w.Text(" ON CONFLICT")
	if len(c.Columns) > 0 {
		w.Text(" (")
		w.Names(c.Columns...)
		w.Text(")")
	}
	if len(c.Update) == 0 && len(c.Increment) == 0 {
		w.Text(" DO NOTHING")
		return
	}
	separator := " DO UPDATE SET "
	for _, column := range c.Update {
		w.Text(separator)
		w.Name(column)
		w.Text(" = excluded.")
		w.Name(column)
		separator = ", "
	}
	for _, column := range c.Increment {
		w.Text(separator)
		w.Name(column)
		w.Text(" = ")
		w.Name(c.Table)
		w.Text(".")
		w.Name(column)
		w.Text(" + 1")
		separator = ", "
	}
}
