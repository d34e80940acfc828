package executor_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm/migrate/autodetect"
	"github.com/quintetgo/quintet/orm/migrate/optimizer"
	"github.com/quintetgo/quintet/orm/migrate/state"
)

// TestRandomChangesKeepRowsForwardAndBack leads databases with rows through random changes and back. At every stop the
// tables must look as if made at once, and every row must still be there with its mark.
func TestRandomChangesKeepRowsForwardAndBack(t *testing.T) {
	t.Parallel()
	seeds := 12
	if testing.Short() {
		seeds = 4
	}
	for seed := range seeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			w := walk{T: t, random: rand.New(rand.NewPCG(uint64(seed), 7)), db: open(t)}
			w.run(14)
		})
	}
}

type walk struct {
	*testing.T
	random *rand.Rand
	db     *sql.DB
	names  int
}

func (w *walk) name(prefix string) string {
	w.names++
	return fmt.Sprintf("%s%d", prefix, w.names)
}

func (w *walk) run(steps int) {
	s := state.New(nil)
	first := []state.Operation{w.create(s), nil}
	apply(w.T, s, first[0])
	first[1] = w.create(s)
	apply(w.T, s, first[1])
	lists, states := [][]state.Operation{first}, []*state.State{s.Clone()}
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
		lists, states = append(lists, []state.Operation{op}), append(states, s)
	}
	w.optimised(slices.Concat(lists...), s)
	w.detected(lists[0], states[0], s)
	g := graph(w.T, chain("app", lists...))
	var history []map[string][]string
	for i, n := range g.Nodes {
		if err := migrate(w.T, w.db, g, "app", n.Migration.Name); err != nil {
			w.Fatalf("%v: %+v\n%s", err, lists[i], structure(w.T, w.db))
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
		if err := migrate(w.T, w.db, g, "app", g.Nodes[i].Migration.Name); err != nil {
			w.Fatalf("undo: %v: %+v\n%s", err, lists[i+1], structure(w.T, w.db))
		}
		w.compare(fmt.Sprintf("after undoing %s (%+v)", g.Nodes[i+1], lists[i+1]), states[i])
		back := w.marks(states[i])
		w.same("undone "+g.Nodes[i+1].String(), states[i+1], states[i], end, back, nil)
		end = back
	}
	if err := migrate(w.T, w.db, g, "app", ""); err != nil {
		w.Fatalf("forward again: %v", err)
	}
	w.compare("forward again", s)
	if err := migrate(w.T, w.db, g, "app", "zero"); err != nil {
		w.Fatalf("zero: %v", err)
	}
	if left := structure(w.T, w.db); left != "" {
		w.Errorf("after zero there is still:\n%s", left)
	}
}

// optimised checks that the shortened operations lead to the same models.
func (w *walk) optimised(ops []state.Operation, want *state.State) {
	w.Helper()
	short, got := optimizer.Optimize("app", ops), state.New(nil)
	for _, op := range short {
		if err := op.Apply("app", got); err != nil {
			w.Fatalf("optimised: %s: %v\n%+v", op.Describe(), err, short)
		}
	}
	if len(short) >= len(ops) || fresh(w.T, got) != fresh(w.T, want) {
		w.Fatalf("the optimised operations lead elsewhere:\n%+v\nthan\n%+v", short, ops)
	}
}

// detected leads another database with rows along by what the autodetector finds between the first state and the last.
func (w *walk) detected(first []state.Operation, from, to *state.State) {
	w.Helper()
	drafts, err := autodetect.Changes(from, to, autodetect.Options{AllowDrop: true, Default: func(_ *state.Model, f state.Field) any {
		return map[state.Kind]any{state.KindInt: 1, state.KindChar: "x", state.KindBool: true, state.KindDecimal: "1.5", state.KindDateTime: state.Now}[f.Kind]
	}})
	if err != nil {
		w.Fatal(err)
	}
	lists := [][]state.Operation{first}
	for _, d := range drafts {
		lists = append(lists, d.Operations)
	}
	other := walk{T: w.T, random: w.random, db: open(w.T)}
	g := graph(w.T, chain("app", lists...))
	mustMigrate(w.T, other.db, g, "app", "0001")
	if !slices.ContainsFunc(from.Models(), func(m *state.Model) bool {
		return slices.ContainsFunc(m.Fields, func(f state.Field) bool { return f.Kind.IsRelation() })
	}) { // a renamed model counts as another one here, which rows cannot follow
		other.fill(from)
	}
	if err := migrate(w.T, other.db, g, "app", ""); err != nil {
		w.Fatalf("detected: %v\n%+v", err, lists[1:])
	}
	other.compare(fmt.Sprintf("after what was detected (%+v)", lists[1:]), to)
}

func (w *walk) compare(when string, s *state.State) {
	w.Helper()
	if got, want := structure(w.T, w.db), fresh(w.T, s); got != want {
		w.Fatalf("%s the tables differ from freshly made ones\n got:\n%s\nwant:\n%s", when, got, want)
	}
}

// marks returns the marks of all rows by table.
func (w *walk) marks(s *state.State) map[string][]string {
	all := map[string][]string{}
	for _, m := range s.Models() {
		all[m.Key()] = query(w.T, w.db, `SELECT id, mark FROM "`+m.Table+`" ORDER BY id`)
		for _, f := range m.Fields {
			if f.Kind == state.KindManyToMany {
				p, err := s.Pairs(m, f)
				if err != nil {
					w.Fatal(err)
				}
				all[m.Key()+"."+f.Name] = query(w.T, w.db, `SELECT id, "`+p.FromColumn+`", "`+p.ToColumn+`" FROM "`+p.Table+`" ORDER BY id`)
			}
		}
	}
	return all
}

// same compares the marks of models that stand before and after.
func (w *walk) same(when string, before, after *state.State, old, new map[string][]string, op state.Operation) {
	w.Helper()
	for key, rows := range old {
		to := key
		if r, ok := op.(state.RenameModel); ok {
			from := state.Key("app", r.From)
			if key == from || strings.HasPrefix(key, from+".") {
				to = state.Key("app", r.To) + key[len(from):]
			}
		}
		if now, ok := new[to]; ok && fmt.Sprint(now) != fmt.Sprint(rows) && after.Find(to) != nil {
			w.Fatalf("%s: rows of %s changed\n got %v\nwant %v", when, key, now, rows)
		}
	}
}

func apply(t *testing.T, s *state.State, op state.Operation) {
	t.Helper()
	if err := op.Apply("app", s); err != nil {
		t.Fatal(err)
	}
}

func (w *walk) create(s *state.State) state.Operation {
	op := state.CreateModel{Name: w.name("M"), Fields: []state.Field{state.BigAuto("id"), state.Char("mark", 40)}}
	for range 1 + w.random.IntN(3) {
		if f, ok := w.field(s); ok {
			f.Options.Fill = nil
			op.Fields = append(op.Fields, f)
		}
	}
	return op
}

// field makes a field that rows can be given a value for.
func (w *walk) field(s *state.State) (state.Field, bool) {
	name := w.name("f")
	models := s.Models()
	switch w.random.IntN(9) {
	case 0:
		return state.Int(name).Backfill(7), true
	case 1:
		return state.Char(name, 20).Backfill("it's"), true
	case 2:
		return state.Bool(name).Backfill(true).Index(), true
	case 3:
		return state.DateTime(name).Null(), true
	case 4:
		return state.Text(name).Null().Unique(), true
	case 5:
		return state.Decimal(name, 8, 2).Backfill("1.50"), true
	case 6:
		return state.BigInt(name).DBDefault("3"), true
	case 7:
		if len(models) > 0 {
			return state.ForeignKey(name, models[w.random.IntN(len(models))].String()).Null(), true
		}
	default:
		if len(models) > 0 {
			return state.ManyToMany(name, models[w.random.IntN(len(models))].String()), true
		}
	}
	return state.Field{}, false
}

// change makes a random operation; it may turn out to be impossible.
func (w *walk) change(s *state.State) state.Operation {
	models := s.Models()
	m := models[w.random.IntN(len(models))]
	f := m.Fields[w.random.IntN(len(m.Fields))]
	own := f.Name != "id" && f.Name != "mark"
	switch w.random.IntN(12) {
	case 0:
		return w.create(s)
	case 1:
		if len(models) > 2 {
			return state.DeleteModel{Name: m.Name}
		}
	case 2:
		return state.RenameModel{From: m.Name, To: w.name("R")}
	case 3, 4:
		if f, ok := w.field(s); ok {
			return state.AddField{Model: m.Name, Field: f}
		}
	case 5:
		if own {
			return state.RemoveField{Model: m.Name, Name: f.Name}
		}
	case 6, 7:
		if own {
			return state.RenameField{Model: m.Name, From: f.Name, To: w.name("r")}
		}
	case 8:
		if own {
			return w.alter(m, f)
		}
	case 9:
		if own && f.HasColumn() {
			return state.AddIndex{Model: m.Name, Index: state.Index{Name: w.name("x"), Fields: []string{"-" + f.Name, "mark"}}}
		}
		if len(m.Indexes) > 0 {
			return state.RemoveIndex{Model: m.Name, Name: m.Indexes[0].Name}
		}
	case 10:
		if len(m.Checks) > 0 {
			return state.RemoveConstraint{Model: m.Name, Name: m.Checks[0].Name}
		}
		if own && f.HasColumn() {
			return state.AddConstraint{Model: m.Name, Constraint: state.Check{Name: w.name("c"), SQL: f.ColumnName() + " IS NULL OR mark <> 'never'"}}
		}
		return state.AddConstraint{Model: m.Name, Constraint: state.Unique{Name: w.name("u"), Fields: []string{"id", "mark"}}}
	case 11:
		return state.AlterModelTable{Name: m.Name, Table: w.name("table")}
	}
	return nil
}

func (w *walk) alter(m *state.Model, f state.Field) state.Operation {
	o := f.Options
	switch {
	case f.Kind == state.KindManyToMany:
		return state.AlterField{Model: m.Name, Field: f.Table(w.name("pairs"))}
	case f.Kind == state.KindForeignKey:
		return state.AlterField{Model: m.Name, Field: f.Column(w.name("column"))}
	case f.Kind == state.KindInt:
		return state.AlterField{Model: m.Name, Field: state.Char(f.Name, 30)}
	case f.Kind == state.KindChar:
		f.Options.Size = o.Size + 10
	case f.Kind == state.KindDateTime:
		f.Options.Null = false
		return state.AlterField{Model: m.Name, Field: f.Backfill(state.Now)}
	case f.Kind == state.KindBool:
		f.Options.Null, f.Options.Index = !o.Null, !o.Index
		if !f.Options.Null {
			return state.AlterField{Model: m.Name, Field: f.Backfill(false)}
		}
	default:
		f.Options.Unique = false
		f.Options.Index = !o.Index
	}
	return state.AlterField{Model: m.Name, Field: f}
}

// fill adds rows to tables with fewer than three, and pairs.
func (w *walk) fill(s *state.State) {
	for _, m := range s.Models() {
		for len(query(w.T, w.db, `SELECT id FROM "`+m.Table+`"`)) < 3 {
			names, values := []string{`"mark"`}, []string{"'" + w.name("mark") + "'"}
			for _, f := range m.Fields {
				if v := w.value(f); v != "" {
					names, values = append(names, `"`+f.ColumnName()+`"`), append(values, v)
				}
			}
			statements(w.T, w.db, fmt.Sprintf(`INSERT INTO "%s" (%s) VALUES (%s)`, m.Table, strings.Join(names, ", "), strings.Join(values, ", ")))
		}
	}
	for _, m := range s.Models() {
		for _, f := range m.Fields {
			if f.Kind == state.KindForeignKey {
				statements(w.T, w.db, fmt.Sprintf(`UPDATE "%s" SET "%s" = (SELECT min(id) FROM "%s")`, m.Table, f.ColumnName(), s.Find(f.Options.To).Table))
			}
			if p, err := s.Pairs(m, f); f.Kind == state.KindManyToMany && err == nil && len(query(w.T, w.db, `SELECT id FROM "`+p.Table+`"`)) == 0 {
				statements(w.T, w.db, fmt.Sprintf(`INSERT INTO "%s" ("%s", "%s") SELECT a.id, b.id FROM "%s" a, "%s" b`, p.Table, p.FromColumn, p.ToColumn, m.Table, p.To.Table))
			}
		}
	}
}

func (w *walk) value(f state.Field) string {
	switch {
	case f.Name == "id", f.Name == "mark", f.Options.DBDefault != "", f.Options.Null && w.random.IntN(2) == 0:
		return ""
	case f.Kind == state.KindInt, f.Kind == state.KindDecimal, f.Kind == state.KindBigInt:
		return fmt.Sprint(w.random.IntN(1000))
	case f.Kind == state.KindChar, f.Kind == state.KindText:
		return "'" + fmt.Sprint(w.random.IntN(1_000_000_000)) + "'"
	case f.Kind == state.KindBool:
		return "1"
	case f.Kind == state.KindDateTime:
		return "'2026-01-02 03:04:05+00:00'"
	}
	return ""
}
