package registry_test

import (
	"testing"

	"github.com/quintetgo/quintet/orm/registry"
)

type tune struct {
	ID    int64
	Names []name `gorm:"many2many:tune_names"`
}

type name struct{ ID int64 }

func TestUnexportedTypes(t *testing.T) {
	t.Parallel()
	var r registry.Registry
	if err := r.Register("music", &tune{}, &name{}); err != nil {
		t.Fatal(err)
	}
	m := model(t, &r, "music.tune")
	through := m.ManyToMany[0].Relation.Through
	if through.Fields[1].Column != "tune_id" || through.Fields[2].Column != "name_id" || through.New() == nil {
		t.Errorf("through model %s has columns %s and %s", through, through.Fields[1].Column, through.Fields[2].Column)
	}
}
