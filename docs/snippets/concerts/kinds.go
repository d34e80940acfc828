package concerts

import (
	"encoding/json"
	"time"

	"github.com/quintetgo/quintet/orm"
)

// Sample has a field of each kind; the table in docs/models.md is checked against it.
type Sample struct {
	ID       int64
	Name     string `gorm:"size:200"`
	Body     string `gorm:"type:text"`
	Code     string `gorm:"type:uuid"`
	Price    string `gorm:"type:decimal(8,2)"`
	Big      int
	Whole    int32
	Small    int16
	Count    uint
	Share    float64
	Done     bool
	Instant  time.Time
	Day      time.Time `gorm:"type:date"`
	Clock    time.Time `gorm:"type:time"`
	Length   time.Duration
	Document []byte
	Raw      json.RawMessage
	Options  orm.JSON[map[string]int]
	Labels   []string `gorm:"serializer:json"`
	Note     *string
}
