package operations

import (
	"cmp"

	"github.com/quintetgo/quintet/orm/schema"
)

// Pairs describes the through table of a many-to-many field without a through model.
type Pairs struct {
	Table      string
	FromColumn string // references the model that has the field
	ToColumn   string
	To         *Model
}

// Pairs returns the through table of the many-to-many field f of the model m.
func (s *State) Pairs(m *Model, f Field) (Pairs, error) {
	to, err := s.Model(f.Options.To)
	if err != nil {
		return Pairs{}, err
	}
	from, target := pairColumns(m, to)
	return Pairs{
		Table:      cmp.Or(f.Options.Table, m.Table+"_"+f.Name),
		FromColumn: cmp.Or(f.Options.FromColumn, from),
		ToColumn:   cmp.Or(f.Options.ToColumn, target),
		To:         to,
	}, nil
}

func pairColumns(from, to *Model) (string, string) {
	a, b := schema.SnakeName(from.Name), schema.SnakeName(to.Name)
	if a == b {
		return "from_" + a + "_id", "to_" + b + "_id"
	}
	return a + "_id", b + "_id"
}
