package registry_test

import (
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm/registry"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	gschema "gorm.io/gorm/schema"
)

// Types that GORM deletes softly.
type (
	flag    uint
	filter  int
	inside  struct{ gorm.DeletedAt }
	Base    struct{ Removed *gorm.DeletedAt }
	Removal struct {
		By string
		At flag
	}
)

func (flag) DeleteClauses(*gschema.Field) []clause.Interface    { return nil }
func (*filter) QueryClauses(*gschema.Field) []clause.Interface  { return nil }
func (*filter) UpdateClauses(*gschema.Field) []clause.Interface { return nil }

type (
	SoftPlain struct {
		ID, X     int64
		DeletedAt gorm.DeletedAt
	}
	SoftPointer struct {
		ID        int64
		DeletedAt *gorm.DeletedAt `gorm:"index"`
	}
	SoftTwice struct {
		ID        int64
		DeletedAt **gorm.DeletedAt
	}
	SoftFlag struct {
		ID    int64
		IsDel flag
	}
	SoftFlagged struct {
		ID    int64
		IsDel *flag
	}
	SoftFilter struct {
		ID    int64
		State filter
	}
	SoftModel    struct{ gorm.Model }
	SoftModelPtr struct{ *gorm.Model }
	SoftBase     struct {
		ID int64
		Base
	}
	SoftBasePtr struct {
		ID int64
		*Base
	}
	SoftNamed struct {
		ID      int64
		Removal Removal `gorm:"embedded;embeddedPrefix:removal_"`
	}
	SoftInside struct {
		ID   int64
		Gone inside
	}
	SoftReadOnly struct {
		ID        int64
		DeletedAt gorm.DeletedAt `gorm:"->"`
	}
	SoftHidden struct {
		ID        int64
		DeletedAt gorm.DeletedAt `gorm:"->:false;<-:false"`
	}
)

func TestDeletedAtMarksRows(t *testing.T) {
	t.Parallel()
	for _, model := range []any{&SoftPlain{}, &SoftModel{}, &SoftModelPtr{}} {
		var r registry.Registry
		if err := r.Register("soft", model); err != nil {
			t.Errorf("%T: %v", model, err)
			continue
		}
		m, err := r.ModelOf(model)
		if err != nil || m.SoftDelete == nil || m.SoftDelete.Name != "deleted_at" || !m.SoftDelete.Null || m.SoftDelete.Editable {
			t.Errorf("%T: got %+v, %v", model, m.SoftDelete, err)
		}
	}
}

func TestSoftDeleteIsRefused(t *testing.T) {
	t.Parallel()
	for id, models := range map[string][]any{
		"orm.E014": {
			&SoftPointer{}, &SoftTwice{}, &SoftFlag{}, &SoftFlagged{}, &SoftFilter{}, &SoftBase{}, &SoftBasePtr{}, &SoftNamed{}, &SoftInside{},
			&SoftHidden{},
		},
		"orm.E070": {&SoftReadOnly{}},
	} {
		for _, model := range models {
			var r registry.Registry
			err := r.Register("soft", model)
			var problems *registry.ProblemsError
			if !errors.As(err, &problems) || len(problems.Problems) != 1 || problems.Problems[0].ID != id {
				t.Errorf("%T: got %v, want %s alone", model, err, id)
			}
		}
	}
	type Left struct {
		ID        int64
		DeletedAt gorm.DeletedAt `gorm:"-"`
	}
	var r registry.Registry
	if err := r.Register("soft", &Left{}); err != nil {
		t.Error(err)
	}
}

type Target struct {
	ID   int64
	Code string `gorm:"size:5"`
}

func TestTagsWithoutEffectAreRefused(t *testing.T) {
	t.Parallel()
	type (
		Polymorphic struct {
			ID   int64
			Toys []Target `gorm:"polymorphic:Owner"`
		}
		PolyValue struct {
			ID  int64
			Toy Target `gorm:"polymorphicType:Kind;polymorphicId:OwnerID;polymorphicValue:x"`
		}
		Migration struct {
			ID int64
			N  int `gorm:"-:migration"`
		}
		WriteOnly struct {
			ID int64
			N  int `gorm:"->:false;<-"`
		}
		OddType struct {
			ID int64
			N  string `gorm:"type:macaddr"`
		}
		Enum struct {
			ID int64
			N  string `gorm:"type:enum('a','b')"`
		}
		WrongType struct {
			ID int64
			N  string `gorm:"type:bigint"`
		}
		SizedInt struct {
			ID int64
			N  int `gorm:"size:8"`
		}
		PreciseTime struct {
			ID int64
			At time.Time `gorm:"precision:3"`
		}
		ScaledFloat struct {
			ID int64
			N  float64 `gorm:"scale:2"`
		}
		Counter struct {
			ID int64
			N  int `gorm:"autoIncrement"`
		}
		Steps struct {
			ID int64 `gorm:"autoIncrementIncrement:10"`
		}
		NullPlain struct {
			ID int64
			N  int `gorm:"null"`
		}
		FullText struct {
			ID int64
			N  string `gorm:"index:,class:FULLTEXT"`
		}
		Hash struct {
			ID int64
			N  string `gorm:"index:,type:hash"`
		}
		Collated struct {
			ID int64
			N  string `gorm:"uniqueIndex:u,collate:nocase"`
		}
		Concurrent struct {
			ID int64
			N  string `gorm:"index:,option:CONCURRENTLY"`
		}
		Prefix struct {
			ID     int64
			N      int
			Target Target `gorm:"embeddedPrefix:t_"`
		}
		OnObject struct {
			ID       int64
			TargetID int64
			Target   *Target `gorm:"not null"`
		}
		UniqueOne struct {
			ID       int64
			TargetID int64
			Target   *Target `gorm:"unique"`
		}
		OtherKey struct {
			ID      int64
			Code    string
			Targets []Target `gorm:"many2many:x;foreignKey:Code"`
		}
		OtherRef struct {
			ID      int64
			Targets []Target `gorm:"many2many:x;references:Code"`
		}
		OnDelete struct {
			ID       int64
			TargetID int64
			Target   *Target `gorm:"constraint:OnDelete:CASCAD"`
		}
	)
	for _, test := range []struct {
		model any
		id    string
		want  string
	}{
		{&Polymorphic{}, "orm.E030", "one key for each"},
		{&PolyValue{}, "orm.E030", "polymorphictype"},
		{&Migration{}, "orm.E030", "-:migration"},
		{&WriteOnly{}, "orm.E030", "->:false"},
		{&OddType{}, "orm.E030", "type:macaddr"},
		{&Enum{}, "orm.E030", "a Choices method"},
		{&WrongType{}, "orm.E030", "A string is stored as Char"},
		{&SizedInt{}, "orm.E030", "size:8"},
		{&PreciseTime{}, "orm.E030", "precision:3"},
		{&ScaledFloat{}, "orm.E030", "scale:2"},
		{&Counter{}, "orm.E030", "autoIncrement"},
		{&Steps{}, "orm.E030", "autoIncrementIncrement:10"},
		{&NullPlain{}, "orm.E030", "Make the field a pointer, *int"},
		{&FullText{}, "orm.E030", "class"},
		{&Hash{}, "orm.E030", "type is not migrated"},
		{&Collated{}, "orm.E030", "collate"},
		{&Concurrent{}, "orm.E030", "option"},
		{&Prefix{}, "orm.E030", `Add "embedded"`},
		{&OnObject{}, "orm.E030", "put it on the field of the key"},
		{&UniqueOne{}, "orm.E030", "unique"},
		{&OtherKey{}, "orm.E030", "foreignkey:Code"},
		{&OtherRef{}, "orm.E030", "references:Code"},
		{&OnDelete{}, "orm.E013", `Did you mean "CASCADE"?`},
	} {
		var r registry.Registry
		err := r.Register("shop", &Target{}, test.model)
		if err == nil || !strings.Contains(err.Error(), test.id) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%T: got %v, want %s with %q", test.model, err, test.id, test.want)
		}
	}
}

func TestTagsThatWork(t *testing.T) {
	t.Parallel()
	type (
		Parts struct {
			Street string `gorm:"size:80"`
		}
		Full struct {
			ID       int64           `gorm:"primaryKey;autoIncrement"`
			Name     string          `gorm:"column:full_name;size:80;not null;comment:what it is called;default:nobody"`
			Slug     string          `gorm:"type:varchar(50);unique;check:slug <> ''"`
			Price    string          `gorm:"type:decimal;precision:10;scale:2;default:1.50"`
			Live     bool            `gorm:"type:tinyint(1);default:true"`
			Count    uint            `gorm:"type:int unsigned;default:3"`
			Wait     time.Duration   `gorm:"type:bigint"`
			Note     *string         `gorm:"null;type:text"`
			Maybe    sql.NullString  `gorm:"index:,type:btree,sort:desc"`
			Tags     []string        `gorm:"serializer:json;type:text"`
			Made     int64           `gorm:"autoCreateTime:milli"`
			Seen     int             `gorm:"->"`
			Skipped  map[string]bool `gorm:"-"`
			Address  Parts           `gorm:"embedded;embeddedPrefix:address_"`
			At       time.Time       `gorm:"type:timestamptz(3);default:2020-01-02"`
			TargetID int64
			Target   *Target `gorm:"constraint:OnUpdate:CASCADE,OnDelete:SET DEFAULT"`
		}
	)
	var r registry.Registry
	err := r.Register("shop", &Target{}, &Full{})
	if err == nil || strings.Count(err.Error(), "orm.E") != 1 || !strings.Contains(err.Error(), "SetDefault") {
		t.Fatalf("got %v, want only that target has no default", err)
	}
}
