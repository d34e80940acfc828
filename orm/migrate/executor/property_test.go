package executor_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm/migrate/autodetect"
	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/migrate/optimizer"
	"github.com/quintetgo/quintet/orm/schema"
)

// TestRandomChangesKeepRowsForwardAndBack leads databases with rows through random changes and back. At every stop the
// tables must look as if made at once, and every row must still be there with its mark.
func TestRandomChangesKeepRowsForwardAndBack(t *testing.T) {
	t.Parallel()
	seeds := 12
	if testing.Short() {
		seeds = 4
	}
	for name, open := range databases {
		for seed := range seeds {
			t.Run(fmt.Sprintf("%s, seed %d", name, seed), func(t *testing.T) {
				t.Parallel()
				w := newWalk(t, open, rand.New(rand.NewPCG(uint64(seed), 7)))
				w.run(14)
			})
		}
	}
}

func (w *walk) name(prefix string) string {
	w.names++
	return fmt.Sprintf("%s%d", prefix, w.names)
}

func (w *walk) run(steps int) {
	s := operations.NewState(nil)
	first := []operations.Operation{w.create(s), nil}
	apply(w.T, s, first[0])
	first[1] = w.create(s)
	apply(w.T, s, first[1])
	lists, states := [][]operations.Operation{first}, []*operations.State{s.Clone()}
	for len(lists) < steps {
		op := w.change(s)
		if op == nil {
			continue
		}
		next := s.Clone()
		if err := op.Apply("app", next); err != nil {
			continue // such as removing a field that an index needs
		}
		s = next
		lists, states = append(lists, []operations.Operation{op}), append(states, s)
	}
	w.optimized(slices.Concat(lists...), s)
	w.detected(lists[0], states[0], s)
	g := graph(w.T, chain("app", lists...))
	var history []map[string][]string
	for i, n := range g.Nodes {
		if err := w.migrate(g, n.Migration.Name); err != nil {
			w.Fatalf("%v: %+v\n%s", err, lists[i], w.structure())
		}
		w.compare(fmt.Sprintf("after %s (%+v)", n, lists[i]), states[i])
		if i > 0 {
			w.same(n.String(), states[i-1], states[i], history[i-1], w.marks(states[i]), lists[i][0])
		}
		w.fill(states[i])
		history = append(history, w.marks(states[i]))
	}
	end := w.marks(s)
	for i := len(g.Nodes) - 2; i >= 0; i-- {
		if err := w.migrate(g, g.Nodes[i].Migration.Name); err != nil {
			w.Fatalf("undo: %v: %+v\n%s", err, lists[i+1], w.structure())
		}
		w.compare(fmt.Sprintf("after undoing %s (%+v)", g.Nodes[i+1], lists[i+1]), states[i])
		back := w.marks(states[i])
		w.same("undone "+g.Nodes[i+1].String(), states[i+1], states[i], end, back, nil)
		end = back
	}
	if err := w.migrate(g, ""); err != nil {
		w.Fatalf("forward again: %v", err)
	}
	w.compare("forward again", s)
	if err := w.migrate(g, "zero"); err != nil {
		w.Fatalf("zero: %v", err)
	}
	if left := w.structure(); left != "" {
		w.Errorf("after zero there is still:\n%s", left)
	}
}

// optimized checks that the shortened operations lead to the same models.
func (w *walk) optimized(ops []operations.Operation, want *operations.State) {
	w.Helper()
	short, got := optimizer.Optimize("app", ops), operations.NewState(nil)
	for _, op := range short {
		if err := op.Apply("app", got); err != nil {
			w.Fatalf("optimized: %s: %v\n%+v", op.Describe(), err, short)
		}
	}
	if len(short) >= len(ops) || w.fresh(got) != w.fresh(want) {
		w.Fatalf("the optimized operations lead elsewhere:\n%+v\nthan\n%+v", short, ops)
	}
}

// detected leads another database with rows along by what the autodetector finds between the first state and the last.
func (w *walk) detected(first []operations.Operation, from, to *operations.State) {
	w.Helper()
	drafts, err := autodetect.Changes(from, to, autodetect.Options{AllowDrop: true, Default: func(_ *operations.Model, f operations.Field) any {
		return map[schema.Kind]any{schema.KindInt: 1, schema.KindChar: "x", schema.KindBool: true, schema.KindDecimal: "1.5", schema.KindDateTime: operations.Now}[f.Kind]
	}})
	if err != nil {
		w.Fatal(err)
	}
	lists := [][]operations.Operation{first}
	for _, d := range drafts {
		lists = append(lists, d.Operations)
	}
	other := newWalk(w.T, w.open, w.random)
	g := graph(w.T, chain("app", lists...))
	if err := other.migrate(g, "0001"); err != nil {
		w.Fatal(err)
	}
	if !slices.ContainsFunc(from.Models(), func(m *operations.Model) bool {
		return slices.ContainsFunc(m.Fields, func(f operations.Field) bool { return f.Kind.IsRelation() })
	}) { // a renamed model counts as another one here, which rows cannot follow
		other.fill(from)
	}
	if err := other.migrate(g, ""); err != nil {
		w.Fatalf("detected: %v\n%+v", err, lists[1:])
	}
	other.compare(fmt.Sprintf("after what was detected (%+v)", lists[1:]), to)
}

func (w *walk) compare(when string, s *operations.State) {
	w.Helper()
	if got, want := w.structure(), w.fresh(s); got != want {
		w.Fatalf("%s the tables differ from freshly made ones\n got:\n%s\nwant:\n%s", when, got, want)
	}
}

// marks returns the marks of all rows by table.
func (w *walk) marks(s *operations.State) map[string][]string {
	all := map[string][]string{}
	for _, m := range s.Models() {
		all[m.Key()] = query(w.T, w.db, "SELECT id, mark FROM "+w.quote(m.Table)+" ORDER BY id")
		for _, f := range m.Fields {
			if f.Kind == schema.KindManyToMany {
				p, err := s.Pairs(m, f)
				if err != nil {
					w.Fatal(err)
				}
				all[m.Key()+"."+f.Name] = query(w.T, w.db, "SELECT id, "+w.quote(p.FromColumn, p.ToColumn)+" FROM "+w.quote(p.Table)+" ORDER BY id")
			}
		}
	}
	return all
}

// same compares the marks of models that stand before and after.
func (w *walk) same(when string, before, after *operations.State, rowsBefore, rowsAfter map[string][]string, op operations.Operation) {
	w.Helper()
	for key, rows := range rowsBefore {
		to := key
		if r, ok := op.(operations.RenameModel); ok {
			from := operations.Key("app", r.From)
			if key == from || strings.HasPrefix(key, from+".") {
				to = operations.Key("app", r.To) + key[len(from):]
			}
		}
		if now, ok := rowsAfter[to]; ok && fmt.Sprint(now) != fmt.Sprint(rows) && after.Find(to) != nil {
			w.Fatalf("%s: rows of %s changed\n got %v\nwant %v", when, key, now, rows)
		}
	}
}

func apply(t *testing.T, s *operations.State, op operations.Operation) {
	t.Helper()
	if err := op.Apply("app", s); err != nil {
		t.Fatal(err)
	}
}

func (w *walk) create(s *operations.State) operations.Operation {
	op := operations.CreateModel{Name: w.name("M"), Fields: []operations.Field{operations.BigAuto("id"), operations.Char("mark", 40)}}
	for range 1 + w.random.IntN(3) {
		if f, ok := w.field(s); ok {
			f.Options.Fill = nil
			op.Fields = append(op.Fields, f)
		}
	}
	return op
}

// field makes a field that rows can be given a value for.
func (w *walk) field(s *operations.State) (operations.Field, bool) {
	name := w.name("f")
	models := s.Models()
	switch w.random.IntN(9) {
	case 0:
		return operations.Int(name).Backfill(7), true
	case 1:
		return operations.Char(name, 20).Backfill("it's"), true
	case 2:
		return operations.Bool(name).Backfill(true).Index(), true
	case 3:
		return operations.DateTime(name).Null(), true
	case 4:
		return operations.Text(name).Null().Unique(), true
	case 5:
		return operations.Decimal(name, 8, 2).Backfill("1.50"), true
	case 6:
		return operations.BigInt(name).DBDefault("3"), true
	case 7:
		if len(models) > 0 {
			return operations.ForeignKey(name, models[w.random.IntN(len(models))].String()).Null(), true
		}
	default:
		if len(models) > 0 {
			return operations.ManyToMany(name, models[w.random.IntN(len(models))].String()), true
		}
	}
	return operations.Field{}, false
}

// change makes a random operation; it may turn out to be impossible.
func (w *walk) change(s *operations.State) operations.Operation {
	models := s.Models()
	m := models[w.random.IntN(len(models))]
	f := m.Fields[w.random.IntN(len(m.Fields))]
	own := f.Name != "id" && f.Name != "mark"
	switch w.random.IntN(12) {
	case 0:
		return w.create(s)
	case 1:
		if len(models) > 2 {
			return operations.DeleteModel{Name: m.Name}
		}
	case 2:
		return operations.RenameModel{From: m.Name, To: w.name("R")}
	case 3, 4:
		if f, ok := w.field(s); ok {
			return operations.AddField{Model: m.Name, Field: f}
		}
	case 5:
		if own {
			return operations.RemoveField{Model: m.Name, Name: f.Name}
		}
	case 6, 7:
		if own {
			return operations.RenameField{Model: m.Name, From: f.Name, To: w.name("r")}
		}
	case 8:
		if own {
			return w.alter(m, f)
		}
	case 9:
		if own && f.HasColumn() {
			return operations.AddIndex{Model: m.Name, Index: operations.Index{Name: w.name("x"), Fields: []string{"-" + f.Name, "mark"}}}
		}
		if len(m.Indexes) > 0 {
			return operations.RemoveIndex{Model: m.Name, Name: m.Indexes[0].Name}
		}
	case 10:
		if len(m.Checks) > 0 {
			return operations.RemoveConstraint{Model: m.Name, Name: m.Checks[0].Name}
		}
		if own && f.HasColumn() {
			return operations.AddConstraint{Model: m.Name, Constraint: operations.Check{Name: w.name("c"), SQL: f.ColumnName() + " IS NULL OR mark <> 'never'"}}
		}
		return operations.AddConstraint{Model: m.Name, Constraint: operations.Unique{Name: w.name("u"), Fields: []string{"id", "mark"}}}
	case 11:
		return operations.AlterModelTable{Name: m.Name, Table: w.name("table")}
	}
	return nil
}

func (w *walk) alter(m *operations.Model, f operations.Field) operations.Operation {
	o := f.Options
	switch {
	case f.Kind == schema.KindManyToMany:
		return operations.AlterField{Model: m.Name, Field: f.Table(w.name("pairs"))}
	case f.Kind == schema.KindForeignKey:
		return operations.AlterField{Model: m.Name, Field: f.Column(w.name("column"))}
	case f.Kind == schema.KindInt:
		return operations.AlterField{Model: m.Name, Field: operations.Char(f.Name, 30)}
	case f.Kind == schema.KindChar:
		f.Options.Size = o.Size + 10
	case f.Kind == schema.KindDateTime:
		f.Options.Null = false
		return operations.AlterField{Model: m.Name, Field: f.Backfill(operations.Now)}
	case f.Kind == schema.KindBool:
		f.Options.Null, f.Options.Index = !o.Null, !o.Index
		if !f.Options.Null {
			return operations.AlterField{Model: m.Name, Field: f.Backfill(false)}
		}
	default:
		f.Options.Unique = false
		f.Options.Index = !o.Index
	}
	return operations.AlterField{Model: m.Name, Field: f}
}

// fill adds rows to tables with fewer than three, and pairs.
func (w *walk) fill(s *operations.State) {
	for _, m := range s.Models() {
		for len(query(w.T, w.db, "SELECT id FROM "+w.quote(m.Table))) < 3 {
			names, values := []string{"mark"}, []string{"'" + w.name("mark") + "'"}
			for _, f := range m.Fields {
				if v := w.value(f); v != "" {
					names, values = append(names, f.ColumnName()), append(values, v)
				}
			}
			statements(w.T, w.db, fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", w.quote(m.Table), w.quote(names...), strings.Join(values, ", ")))
		}
	}
	for _, m := range s.Models() {
		for _, f := range m.Fields {
			if f.Kind == schema.KindForeignKey {
				statements(w.T, w.db, fmt.Sprintf("UPDATE %s SET %s = (SELECT min(id) FROM %s)", w.quote(m.Table), w.quote(f.ColumnName()),
					w.quote(s.Find(f.Options.To).Table)))
			}
			if p, err := s.Pairs(m, f); f.Kind == schema.KindManyToMany && err == nil && len(query(w.T, w.db, "SELECT id FROM "+w.quote(p.Table))) == 0 {
				statements(w.T, w.db, fmt.Sprintf("INSERT INTO %s (%s) SELECT a.id, b.id FROM %s a, %s b", w.quote(p.Table),
					w.quote(p.FromColumn, p.ToColumn), w.quote(m.Table), w.quote(p.To.Table)))
			}
		}
	}
}

func (w *walk) value(f operations.Field) string {
	switch {
	case f.Name == "id", f.Name == "mark", f.Options.DBDefault != "", f.Options.Null && w.random.IntN(2) == 0:
		return ""
	case f.Kind == schema.KindInt, f.Kind == schema.KindDecimal, f.Kind == schema.KindBigInt:
		return fmt.Sprint(w.random.IntN(1000))
	case f.Kind == schema.KindChar, f.Kind == schema.KindText:
		return "'" + fmt.Sprint(w.random.IntN(1_000_000_000)) + "'"
	case f.Kind == schema.KindBool:
		return "true"
	case f.Kind == schema.KindDateTime:
		return "'2026-01-02 03:04:05'"
	}
	return ""
}
