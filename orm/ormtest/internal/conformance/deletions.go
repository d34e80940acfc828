package conformance

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dialect"
)

// shelf has models whose foreign keys have every rule for the deletion of their target.
type shelf struct{}

func (shelf) Name() string { return "shelf" }
func (shelf) Models() []any {
	return []any{&Writer{}, &Work{}, &Copy{}, &Mention{}, &Prize{}, &Award{}}
}

// Writer is what works refer to.
type Writer struct {
	ID   int64
	Name string `gorm:"size:40;uniqueIndex"`
}

// Work refers to a writer in every way in which the program follows a deletion.
type Work struct {
	ID         int64
	Title      string `gorm:"size:40"`
	WriterID   int64
	Writer     *Writer
	EditorID   int64
	Editor     *Writer
	ReviewerID *int64
	Reviewer   *Writer
}

// Fields implements orm's Fielder.
func (w *Work) Fields(f *orm.Fields) {
	orm.FK(f, &w.Writer).OnDelete(orm.Cascade).Related("works")
	orm.FK(f, &w.Editor).OnDelete(orm.SetWith(unknownWriter)).Related("edited")
	orm.FK(f, &w.Reviewer).OnDelete(orm.SetNull).Related("reviewed")
}

// unknownWriter returns the writer that takes the place of a deleted one.
func unknownWriter(ctx context.Context, db *orm.DB) (any, error) {
	q := orm.Objects[Writer](db).Where("name", "unknown")
	writer, _, err := orm.GetOrCreate(ctx, q, func() *Writer { return &Writer{Name: "unknown"} })
	return writer, err
}

// Copy is deleted by the database.
type Copy struct {
	ID     int64
	WorkID int64
	Work   *Work
}

// Fields implements orm's Fielder.
func (c *Copy) Fields(f *orm.Fields) {
	orm.FK(f, &c.Work).OnDelete(orm.DBCascade).Related("copies")
}

// Mention loses its references by the database.
type Mention struct {
	ID       int64
	CopyID   int64
	Copy     *Copy
	WriterID *int64
	Writer   *Writer
}

// Fields implements orm's Fielder.
func (m *Mention) Fields(f *orm.Fields) {
	orm.FK(f, &m.Copy).OnDelete(orm.DBCascade).Related("mentions")
	orm.FK(f, &m.Writer).OnDelete(orm.DBSetNull).Related("mentions")
}

// testDeleteRules checks what happens to rows whose target is deleted, by the program and by the database.
func testDeleteRules(t *testing.T, s suite) {
	db := s.tables(t, shelf{})
	ctx := t.Context()
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	own, editor, other := &Writer{Name: "own"}, &Writer{Name: "editor"}, &Writer{Name: "other"}
	do(db.CreateAll(ctx, []*Writer{own, editor, other}))
	work := &Work{Title: "a", Writer: own, Editor: editor, ReviewerID: &editor.ID}
	do(db.Create(ctx, work))
	do(db.CreateAll(ctx, []*Copy{{WorkID: work.ID}, {WorkID: work.ID}}))
	do(db.CreateAll(ctx, []*Mention{{CopyID: 1, WriterID: &other.ID}, {CopyID: 2, WriterID: &editor.ID}}))

	plan, err := db.CollectDelete(ctx, editor)
	if err != nil || plan.Total() != 1 || len(plan.Updates) != 2 {
		t.Errorf("collected %+v, %v", plan, err)
	}
	deleted, err := db.Delete(ctx, editor)
	if err != nil || deleted.Total != 1 {
		t.Errorf("deleted %v, %v", deleted, err)
	}
	work.Writer, work.Editor = nil, nil
	do(db.Refresh(ctx, work))
	unknown, err := orm.Objects[Writer](db).Where("name", "unknown").Get(ctx)
	do(err)
	if work.EditorID != unknown.ID || work.ReviewerID != nil || work.WriterID != own.ID {
		t.Errorf("got %+v; the unknown writer is %d", work, unknown.ID)
	}
	if n, err := orm.Objects[Mention](db).Where("writer__isnull", true).Count(ctx); err != nil || n != 1 {
		t.Errorf("%d mentions lost their writer, %v", n, err)
	}
	if _, err := db.Delete(ctx, own); err != nil { // and with it the work, its copies and mentions
		t.Error(err)
	}
	for name, count := range map[string]func(context.Context) (int64, error){
		"works": orm.Objects[Work](db).Count, "copies": orm.Objects[Copy](db).Count, "mentions": orm.Objects[Mention](db).Count,
	} {
		if n, err := count(ctx); err != nil || n != 0 {
			t.Errorf("%d %s are left, %v", n, name, err)
		}
	}
	for column, want := range map[string]string{"copy_id": "CASCADE", "writer_id": "SET NULL"} {
		if got := reference(table(t, db, "shelf_mention"), column).OnDelete; got != want {
			t.Errorf("%s: the database has the rule %q, want %q", column, got, want)
		}
	}
	if _, err := db.Delete(ctx, own); !errors.Is(err, orm.ErrNotFound) {
		t.Errorf("a deleted row: got %v", err)
	}
}

// reference returns what a column of a table refers to.
func reference(x *dialect.Table, column string) dialect.Reference {
	for _, c := range x.Columns {
		if c.Name == column {
			return c.References
		}
	}
	return dialect.Reference{}
}

// Prize is given to writers with an award each, and resembles others.
type Prize struct {
	ID      int64
	Winners []Writer `gorm:"many2many:shelf_award"`
	Similar []Prize  `gorm:"many2many:shelf_similar"`
}

// Fields implements orm's Fielder.
func (p *Prize) Fields(f *orm.Fields) {
	orm.M2M(f, &p.Winners).Through(&Award{}).Related("prizes")
	orm.M2M(f, &p.Similar).Symmetrical()
}

// Award is a link with a value.
type Award struct {
	ID       int64
	PrizeID  int64
	Prize    *Prize
	WriterID int64
	Writer   *Writer
	Year     int64
}

// Fields implements orm's Fielder.
func (a *Award) Fields(f *orm.Fields) {
	orm.FK(f, &a.Prize).OnDelete(orm.Cascade).Related("awards")
	orm.FK(f, &a.Writer).OnDelete(orm.Cascade).Related("awards")
}

// testLinks checks links with values, objects created by a relation, queries for related objects, and many links at once.
func testLinks(t *testing.T, s suite) {
	db, ctx := s.tables(t, shelf{}), t.Context()
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	want := func(name string, q interface {
		Count(context.Context) (int64, error)
	}, want int64,
	) {
		t.Helper()
		if n, err := q.Count(ctx); err != nil || n != want {
			t.Errorf("%s: %d, %v, want %d", name, n, err, want)
		}
	}
	prizes, a, b := []*Prize{{}, {}, {}}, &Writer{Name: "a"}, &Writer{Name: "b"}
	for _, prize := range prizes {
		do(db.Create(ctx, prize))
	}
	do(db.Create(ctx, a))
	winners := db.Related(prizes[0], "winners")
	do(winners.With(&Award{Year: 1909}).Add(ctx, a))
	do(winners.With(&Award{Year: 1910}).Create(ctx, b))
	do(winners.With(&Award{Year: 2000}).Add(ctx, a, b)) // which are linked already
	want("winners", winners.Query(), 2)
	want("winners called b", winners.Query().Where("name", "b"), 1)
	want("awards of 1909", winners.Through().Where("year", 1909).Where("writer", a), 1)
	want("prizes of a", db.Related(a, "prizes").Query(), 1)
	do(db.Related(b, "works").Create(ctx, &Work{Title: "w", Editor: a}))
	want("works of b", db.Related(b, "works").Query().Where("editor", a), 1)
	do(db.CreateLinks(ctx, &Prize{}, "similar", []orm.Link{{prizes[0], prizes[1]}, {prizes[2].ID, prizes[0]}, {prizes[0], prizes[1]}}))
	for i, n := range []int64{2, 1, 1} {
		want("similar prizes", db.Related(prizes[i], "similar").Query(), n)
	}
	for name, err := range map[string]error{
		"With takes a": db.Related(prizes[0], "winners").With(&Work{}).Add(ctx, a), "no through model": db.Related(prizes[0], "similar").With(&Award{}).Add(ctx, 1),
		"create those with CreateAll": db.CreateLinks(ctx, &Prize{}, "winners", []orm.Link{{1, 1}}), "link 1 (from 0)": db.CreateLinks(ctx, &Prize{}, "similar", []orm.Link{{1, 2}, {1, nil}}),
	} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("got %v, want %q", err, name)
		}
	}
}
