package dialect

// Limiter is implemented by dialects that write limits otherwise than "LIMIT n OFFSET m".
type Limiter interface {
	// Limit appends a limit and an offset, of which at least one is greater than zero; zero means none. The offset is bound:
	// the text is used again for other offsets.
	Limit(w *Writer, limit, offset int)
}

// Limit appends the greatest number of rows and how many are skipped before them. Zero and less mean none. The limit is part
// of the text: planners use it, and some plan a statement again whenever a bound limit changes. The offset is bound, as it
// differs from page to page.
func (w *Writer) Limit(limit, offset int) {
	limit, offset = max(limit, 0), max(offset, 0)
	if limit == 0 && offset == 0 {
		return
	}
	if l, ok := w.dialect.(Limiter); ok {
		l.Limit(w, limit, offset)
		return
	}
	if limit > 0 {
		w.Text(" LIMIT ")
		w.Int(limit)
	}
	if offset > 0 {
		w.Text(" OFFSET ")
		w.Bind(int64(offset))
	}
}

// Lock is how selected rows are locked until the transaction ends. The zero value waits for rows that are locked.
type Lock struct {
	NoWait     bool     // fail if a row is locked
	SkipLocked bool     // leave out rows that are locked
	NoKey      bool     // let others insert rows that reference the locked ones
	Of         []string // aliases of the tables whose rows are locked; none means all
}

// Locker is implemented by dialects that lock rows otherwise than with FOR UPDATE. A database with one writer at a time
// locks nothing more and writes nothing.
type Locker interface {
	// Lock appends a clause to a SELECT. It returns an [UnsupportedError] for an option that the database lacks.
	Lock(w *Writer, l Lock) error
}

// Lock appends a clause to a SELECT that locks the rows.
func (w *Writer) Lock(l Lock) error {
	if locker, ok := w.dialect.(Locker); ok {
		return locker.Lock(w, l)
	}
	if l.NoKey {
		w.Text(" FOR NO KEY UPDATE")
	} else {
		w.Text(" FOR UPDATE")
	}
	for i, alias := range l.Of {
		if i == 0 {
			w.Text(" OF ")
		} else {
			w.Text(", ")
		}
		w.Text(alias)
	}
	switch {
	case l.NoWait:
		w.Text(" NOWAIT")
	case l.SkipLocked:
		w.Text(" SKIP LOCKED")
	}
	return nil
}

// RandomOrderer is implemented by dialects whose random number is not RANDOM().
type RandomOrderer interface {
	// RandomOrder is an expression that sorts rows at random.
	RandomOrder() string
}

// RandomOrder appends an expression that sorts rows at random.
func (w *Writer) RandomOrder() {
	if r, ok := w.dialect.(RandomOrderer); ok {
		w.Text(r.RandomOrder())
		return
	}
	w.Text("RANDOM()")
}
