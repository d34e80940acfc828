package orm_test

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/ormtest"
	"github.com/quintetgo/quintet/orm/schema"
)

// The models of the tests about values: each kind in every form that Go code keeps it in.
type (
	Bill struct {
		ID     int64
		Sum    string         `gorm:"type:decimal(20,2)"`
		Rate   *string        `gorm:"type:decimal(10,5)"`
		Tip    sql.NullString `gorm:"type:decimal(8,3)"`
		Exact  Money          `gorm:"type:decimal(12,2)"`
		People int
	}
	// Money is a type for decimals of the caller's, which keeps the text that it is given.
	Money struct{ Text string }

	Gauge struct {
		ID    int64
		F     float64
		Null  *float64
		Wrap  sql.NullFloat64
		Small int16
		Byte  uint8
		Took  time.Duration
		Blob  []byte
	}
	Instant struct {
		ID    int64
		At    time.Time
		Maybe *time.Time
		Wrap  sql.NullTime
		Day   time.Time  `gorm:"type:date"`
		Off   *time.Time `gorm:"type:date"`
		Clock time.Time  `gorm:"type:time"`
	}
	Paper struct {
		ID    int64
		Title string `gorm:"size:20"`
		Raw   json.RawMessage
		Map   map[string]any `gorm:"serializer:json"`
		Typed orm.JSON[any]
		Text  string `gorm:"type:json"`
		Bytes []byte `gorm:"type:json"`
	}
	Wrapped struct {
		ID int64
		*Contact
	}
	Contact struct {
		Street string `gorm:"size:20"`
		Phone  string `gorm:"size:20;not null"`
		Born   time.Time
	}
	Boxed struct {
		ID   int64
		Name string `gorm:"size:20"`
		*Lid
	}
	Lid struct {
		Color string `gorm:"size:20"`
		Wide  int
	}
	Crate struct {
		ID      int64
		Code    string `gorm:"size:10;unique"`
		OwnerID int64
		Owner   *Keeper
		SpareID *int64
		Spare   *Keeper
		Marks   []Mark `gorm:"many2many:vault_crate_marks"`
	}
	Keeper struct {
		ID   int64
		Name string `gorm:"size:20"`
	}
	Mark struct {
		ID   int64
		Name string `gorm:"size:20"`
	}
)

func (m Money) Value() (driver.Value, error) { return m.Text, nil }

// Scan takes what a decimal type of a library takes.
func (m *Money) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("Money from a %T", src)
	}
	m.Text = text
	return nil
}

func (b *Bill) Fields(f *orm.Fields) { orm.Describe(f, &b.Sum).Label("sum") }

func (g *Gauge) Fields(f *orm.Fields) { orm.Describe(f, &g.Blob).Blank() }

func (i *Instant) Fields(f *orm.Fields) {
	orm.Describe(f, &i.At).Blank()
	orm.Describe(f, &i.Day).Blank()
	orm.Describe(f, &i.Clock).Blank()
}

func (p *Paper) Fields(f *orm.Fields) { orm.Describe(f, &p.Title).Blank() }

func (c *Crate) Fields(f *orm.Fields) {
	orm.FK(f, &c.Owner).OnDelete(orm.Cascade).Related("crates")
	orm.FK(f, &c.Spare).OnDelete(orm.SetNull).Related("spares")
}

type vault struct{}

func (vault) Name() string { return "vault" }
func (vault) Models() []any {
	return []any{&Bill{}, &Gauge{}, &Instant{}, &Paper{}, &Wrapped{}, &Boxed{}, &Crate{}, &Keeper{}, &Mark{}}
}

func openVault(t testing.TB) *orm.DB {
	t.Helper()
	return ormtest.Open(t, vault{})
}

func mustCreate(t testing.TB, db *orm.DB, objs ...any) {
	t.Helper()
	for _, obj := range objs {
		if err := db.Create(t.Context(), obj); err != nil {
			t.Fatalf("%+v: %v", obj, err)
		}
	}
}

// wantInvalid checks that an error is a ValidationError with a message at a field.
func wantInvalid(t *testing.T, err error, field, what string) {
	t.Helper()
	if invalid, ok := errors.AsType[*orm.ValidationError](err); !ok || len(invalid.Fields[field]) == 0 {
		t.Errorf("%s: got %v, want a ValidationError at %q", what, err, field)
	}
}

// wantLookup checks that a query's error is a LookupError.
func wantLookup(t *testing.T, q dynamic.Query, what string) {
	t.Helper()
	var lookup *schema.LookupError
	if n, err := q.Count(t.Context()); !errors.As(err, &lookup) {
		t.Errorf("%s: got %d, %v, want a LookupError", what, n, err)
	}
}

func wantCount(t *testing.T, q dynamic.Query, want int64, what string) {
	t.Helper()
	if n, err := q.Count(t.Context()); err != nil || n != want {
		t.Errorf("%s: got %d rows, %v, want %d", what, n, err, want)
	}
}
