package registry_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm/declare"
	"github.com/quintetgo/quintet/orm/registry"
	"github.com/quintetgo/quintet/orm/schema"
)

type (
	Hall  struct{ ID int64 }
	Stage struct {
		ID     int64
		HallID int64
		Hall   *Hall
		Lamps  []Lamp `gorm:"many2many:stage_lamps"`
	}
	Lamp struct{ ID int64 }
	Act  struct {
		ID      int64
		StageID int64
		Stage   *Stage
	}
	NotNull struct {
		ID     int64
		HallID int64
		Hall   *Hall
	}
	NoDefault struct {
		ID     int64
		HallID int64
		Hall   *Hall
	}
	Loose struct {
		ID     int64
		HallID int64
		Hall   *Hall
	}
)

func (s *Stage) Fields(f *declare.Fields)           { declare.FK(f, &s.Hall).OnDelete(schema.DBCascade) }
func (s *Stage) BeforeDelete(context.Context) error { return nil }
func (a *Act) Fields(f *declare.Fields)             { declare.FK(f, &a.Stage).OnDelete(schema.Cascade) }

func (n *NotNull) Fields(f *declare.Fields) { declare.FK(f, &n.Hall).OnDelete(schema.DBSetNull) }

func (n *NoDefault) Fields(f *declare.Fields) { declare.FK(f, &n.Hall).OnDelete(schema.DBSetDefault) }

func (l *Loose) Fields(f *declare.Fields) {
	declare.FK(f, &l.Hall).OnDelete(schema.DBCascade).NoConstraint()
}

func TestDatabaseDeleteRules(t *testing.T) {
	t.Parallel()
	for want, model := range map[string]any{
		"orm.E023: shop.NotNull.hall: OnDelete is DBSetNull, but the field does not take NULL": &NotNull{},
		"orm.E023: shop.NoDefault.hall: OnDelete is DBSetDefault, but the column has no":       &NoDefault{},
		"orm.E040: shop.Loose.hall: OnDelete is DBCascade, but without a constraint":           &Loose{},
	} {
		var r registry.Registry
		err := r.Register("shop", &Hall{}, model)
		problems, ok := errors.AsType[*registry.ProblemsError](err)
		if !ok || !strings.HasPrefix(problems.Problems[0].ID+": "+problems.Problems[0].Place+": "+problems.Problems[0].Message, want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	var r registry.Registry
	if err := r.Register("hall", &Hall{}, &Stage{}, &Lamp{}, &Act{}); err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, p := range r.Check() {
		found = append(found, p.ID+": "+p.Message)
	}
	all := strings.Join(found, "\n")
	for _, want := range []string{
		"orm.E041: the database deletes rows of hall.Stage without applying the rule of hall.Act.stage",
		"orm.E041: the database deletes rows of hall.Stage without applying the rule of hall.Stage.lamps",
		"orm.W010: BeforeDelete of hall.Stage does not run for rows that the database deletes",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no problem says %s; got\n%s", want, all)
		}
	}
}

type Versioned struct {
	ID     int64
	First  string
	Second int64
}

func (v *Versioned) Fields(f *declare.Fields) {
	declare.Describe(f, &v.First).Version()
	declare.Describe(f, &v.Second).Version()
}

func TestVersionIsAWholeNumber(t *testing.T) {
	t.Parallel()
	var r registry.Registry
	err := r.Register("shop", &Versioned{})
	if err == nil || !strings.Contains(err.Error(), "shop.Versioned.first: a version is a whole number") {
		t.Errorf("got %v", err)
	}
}
