package dialect

import (
	"slices"
	"strconv"
	"strings"
)

// Writer collects the text of one statement and the arguments bound in it. Create one with [NewWriter] for each
// statement. It is not safe for concurrent use.
//
// Arguments are bound in the order of their placeholders in the text, as databases whose placeholders have no numbers
// require it: text that comes from [Writer.Capture] may only be put behind text in which nothing was bound meanwhile.
type Writer struct {
	dialect Dialect
	mark    byte // the quotation mark of names
	buf     []byte
	args    []any
	free    [][]byte // buffers to use again
}

// NewWriter returns a Writer for a statement of the database d.
func NewWriter(d Dialect) *Writer {
	w := &Writer{}
	w.Init(d)
	return w
}

// Init prepares the zero Writer for a statement of the database d, for types that embed a Writer.
func (w *Writer) Init(d Dialect) {
	w.dialect, w.mark, w.buf = d, d.Quote("")[0], make([]byte, 0, 512)
}

// Dialect returns the dialect that the Writer was created with.
func (w *Writer) Dialect() Dialect { return w.dialect }

// Text appends SQL.
func (w *Writer) Text(sql string) { w.buf = append(w.buf, sql...) }

// Int appends a whole number as part of the text.
func (w *Writer) Int(n int) { w.buf = strconv.AppendInt(w.buf, int64(n), 10) }

// Raw appends SQL that was captured earlier. Unlike [Writer.Put] it leaves the bytes to the caller.
func (w *Writer) Raw(sql []byte) { w.buf = append(w.buf, sql...) }

// Name appends the name of a table, column or index, quoted.
func (w *Writer) Name(name string) {
	if strings.IndexByte(name, w.mark) >= 0 {
		w.Text(w.dialect.Quote(name))
		return
	}
	w.buf = append(w.buf, w.mark)
	w.buf = append(w.buf, name...)
	w.buf = append(w.buf, w.mark)
}

// Names appends quoted names, separated by commas.
func (w *Writer) Names(names ...string) {
	for i, name := range names {
		if i > 0 {
			w.Text(", ")
		}
		w.Name(name)
	}
}

// Column appends a column of the table that has an alias in this statement; the alias is not quoted. With an empty alias
// it appends the column's name alone.
func (w *Writer) Column(alias, column string) {
	if alias != "" {
		w.Text(alias)
		w.Text(".")
	}
	w.Name(column)
}

// Bind appends a placeholder for an argument.
func (w *Writer) Bind(value any) {
	w.args = append(w.args, value)
	w.Text(w.dialect.Placeholder(len(w.args)))
}

// Capture runs fn with an empty buffer and returns the SQL that it wrote, so that other SQL can be put before it. The
// arguments that fn binds count at once. Return the bytes with [Writer.Put] or [Writer.Release].
func (w *Writer) Capture(fn func() error) ([]byte, error) {
	outer := w.buf
	if n := len(w.free); n > 0 {
		w.buf, w.free = w.free[n-1][:0], w.free[:n-1]
	} else {
		w.buf = make([]byte, 0, 256)
	}
	err := fn()
	inner := w.buf
	w.buf = outer
	return inner, err
}

// Put appends SQL returned by [Writer.Capture], whose memory the Writer uses again: the bytes must not be used afterwards.
func (w *Writer) Put(sql []byte) {
	w.buf = append(w.buf, sql...)
	w.free = append(w.free, sql)
}

// Release lets the Writer use the memory of captured SQL again without appending it.
func (w *Writer) Release(sql []byte) { w.free = append(w.free, sql) }

// Len returns the number of bytes written so far.
func (w *Writer) Len() int { return len(w.buf) }

// Truncate drops what was written after a position that [Writer.Len] returned before, in which nothing was bound.
func (w *Writer) Truncate(at int) { w.buf = w.buf[:at] }

// Insert inserts SQL at a position that [Writer.Len] returned before.
func (w *Writer) Insert(at int, sql string) {
	w.buf = slices.Insert(w.buf, at, []byte(sql)...)
}

// Bound returns the number of arguments bound so far.
func (w *Writer) Bound() int { return len(w.args) }

// Unbind forgets all arguments but the first n. The caller drops the text with their placeholders.
func (w *Writer) Unbind(n int) { w.args = w.args[:n] }

// SQL returns the text written so far.
func (w *Writer) SQL() string { return string(w.buf) }

// Args returns the arguments bound so far, in order.
func (w *Writer) Args() []any { return w.args }
