package readings

import (
	"time"

	"github.com/quintetgo/quintet/orm"
)

// Reading is what a meter counted up to some time.
type Reading struct {
	ID    int64
	Key   string    `gorm:"size:64;index"` // given by the meter
	Watts int64     // hours
	At    time.Time `gorm:"index"`
}

// Fields configures validation, labels and relations.
func (r *Reading) Fields(f *orm.Fields) {
	orm.Describe(f, &r.Key).Help("The meter's own number of this reading.")
	orm.Describe(f, &r.Watts).Label("Watt-hours")
	orm.Describe(f, &r.At).Default(func() time.Time { return time.Now().UTC() })
}

// Meta orders readings, the newest first.
func (*Reading) Meta() orm.Meta { return orm.Meta{Ordering: []string{"-id"}} }

func (r Reading) String() string { return r.Key }
