package dialect

// ColumnReader is implemented by dialects whose drivers would change the values of some columns on their way to the
// program.
type ColumnReader interface {
	// ReadAs returns SQL around an expression of a type that is selected, so that the driver returns the value as it is
	// stored. Both are empty if the expression alone does it.
	ReadAs(t Type) (before, after string)
}

// ReadAs returns what is written around a selected expression of a type; see [ColumnReader].
func (w *Writer) ReadAs(t Type) (before, after string) {
	if r, ok := w.dialect.(ColumnReader); ok {
		return r.ReadAs(t)
	}
	return "", ""
}

// ReadColumn appends a selected column, which has the alias of a table before it unless alias is empty.
func (w *Writer) ReadColumn(alias, column string, t Type) {
	before, after := w.ReadAs(t)
	w.Text(before)
	w.Column(alias, column)
	w.Text(after)
}

// ListWriter is implemented by dialects that take a long list in fewer arguments than it has values.
type ListWriter interface {
	// WriteList appends a condition such as " IN (…)" that holds for the values, to what is written already. It writes
	// nothing and returns false if the values have a type that it cannot send.
	WriteList(w *Writer, values []any) bool
}

// List appends " IN (…)" with a list sent as a whole. It writes nothing and returns false if the dialect cannot do that;
// then each value is bound by itself.
func (w *Writer) List(values []any) bool {
	l, ok := w.dialect.(ListWriter)
	return ok && l.WriteList(w, values)
}

// Assignment is a column that an expression is assigned to.
type Assignment struct {
	Table, Column string
	Type          Type
	// Precision and Scale are those of a TypeDecimal; a Precision of 0 is none.
	Precision, Scale int
	// Min and Max are the limits of a number.
	Min, Max int64
}

// Assigner is implemented by dialects of databases that would store a computed number that the column could not hold.
type Assigner interface {
	// Assign writes the expression that write appends, such that a value outside of the column's range is an error of the
	// statement, which [Translator] reports as a broken check, and decimals are rounded to the column's places.
	Assign(w *Writer, to Assignment, write func() error) error
}

// Assign writes an expression that is assigned to a column; see [Assigner]. By default the database itself refuses values
// out of range.
func (w *Writer) Assign(to Assignment, write func() error) error {
	if a, ok := w.dialect.(Assigner); ok {
		return a.Assign(w, to, write)
	}
	return write()
}

// Calculation is an operation on two numbers.
type Calculation struct {
	Operator    string // + - * / %
	Left, Right []byte // captured SQL, to be written once each with [Writer.Put], in this order
	Type        Type   // of the result: TypeFloat, TypeDecimal, or another for whole numbers
	Scale       int    // decimal places of a TypeDecimal; -1 if they are not known
}

// Calculator is implemented by dialects whose arithmetic differs from that of SQL: decimals are exact, the division of
// whole numbers is whole, and the remainder has the sign of the left operand.
type Calculator interface {
	Calculate(w *Writer, c Calculation)
	// Rounded returns SQL around a sum of decimals with that many places.
	Rounded(scale int) (before, after string)
}

// Calculate writes an operation on two numbers in parentheses; see [Calculator].
func (w *Writer) Calculate(c Calculation) {
	if calculator, ok := w.dialect.(Calculator); ok {
		calculator.Calculate(w, c)
		return
	}
	w.Text("(")
	w.Put(c.Left)
	w.Text(" " + c.Operator + " ")
	w.Put(c.Right)
	w.Text(")")
}

// Rounded returns what is written around a sum of decimals; see [Calculator].
func (w *Writer) Rounded(scale int) (before, after string) {
	if c, ok := w.dialect.(Calculator); ok {
		return c.Rounded(scale)
	}
	return "", ""
}

// ParameterTyper is implemented by dialects of databases that choose the type of an argument by what is around its
// placeholder, and so need to be told where nothing is: in a selected value, or in a call of a function that takes several
// types.
type ParameterTyper interface {
	// TypeParameter returns SQL around a placeholder whose argument has a type. Both are empty if nothing is needed.
	TypeParameter(t Type) (before, after string)
}

// BindTyped is [Writer.Bind] for an argument whose type does not follow from the SQL around it; see [ParameterTyper].
func (w *Writer) BindTyped(value any, t Type) {
	before, after := "", ""
	if p, ok := w.dialect.(ParameterTyper); ok {
		before, after = p.TypeParameter(t)
	}
	w.Text(before)
	w.Bind(value)
	w.Text(after)
}
