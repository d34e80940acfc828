package conformance

import (
	"encoding/json"
	"time"

	"github.com/quintetgo/quintet/orm"
)

// stock has models whose rows are written in bulk.
type stock struct{}

func (stock) Name() string  { return "stock" }
func (stock) Models() []any { return []any{&Product{}, &Slot{}} }

// Product has a version, and a column of most types.
type Product struct {
	ID        int64
	Slug      string  `gorm:"size:40;uniqueIndex"`
	Title     string  `gorm:"size:40"`
	Barcode   *int64  `gorm:"uniqueIndex"`
	Price     *string `gorm:"type:decimal(10,2)"`
	Count     int64
	Small     int16
	Ratio     float64
	Active    bool
	Day       *time.Time `gorm:"type:date"`
	At        *time.Time
	Data      *json.RawMessage
	Blob      []byte
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Fields implements orm's Fielder.
func (p *Product) Fields(f *orm.Fields) {
	orm.Describe(f, &p.Blob).Blank()
	orm.Describe(f, &p.Title).Blank()
	orm.Describe(f, &p.Version).Version()
}

// Slot has a key of two columns.
type Slot struct {
	Shelf int64  `gorm:"primaryKey;autoIncrement:false"`
	Place int64  `gorm:"primaryKey;autoIncrement:false"`
	Note  string `gorm:"size:40"`
}

// Fields implements orm's Fielder.
func (s *Slot) Fields(f *orm.Fields) { orm.Describe(f, &s.Note).Blank() }
