package registry_test

import (
	"fmt"
	"testing"

	"github.com/quintetgo/quintet/orm/registry"
)

// Models as GORM's users write them, without a word for us.
type (
	Person struct {
		ID        uint
		Name      string
		Friends   []*Person `gorm:"many2many:person_friends;joinForeignKey:PersonID;joinReferences:FriendID"`
		ManagerID *uint
		Manager   *Person
		Team      []Person `gorm:"foreignKey:ManagerID"`
		Card      CreditCard
		Passport  Passport
		CompanyID string
		Company   Company    `gorm:"references:Code;constraint:OnUpdate:CASCADE,OnDelete:RESTRICT"`
		Languages []Language `gorm:"many2many:person_languages;joinForeignKey:SpeakerID;joinReferences:TongueID"`
	}
	CreditCard struct {
		ID       uint
		Number   string
		PersonID uint `gorm:"uniqueIndex"`
	}
	Passport struct {
		ID        uint
		Owner     *Person `gorm:"foreignKey:HolderRef;constraint:OnDelete:CASCADE"`
		HolderRef uint
	}
	Toy struct {
		ID        uint
		OwnerID   uint
		OwnerType string
	}
	Company struct {
		ID   uint
		Code string `gorm:"uniqueIndex"`
	}
	Language struct {
		Code string `gorm:"primaryKey;size:8"`
	}
	Membership struct {
		GroupID  uint   `gorm:"primaryKey;autoIncrement:false"`
		MemberID uint   `gorm:"primaryKey;autoIncrement:false"`
		Role     string `gorm:"default:guest;check:role <> ''"`
		A        int    `gorm:"uniqueIndex:ab;index:,composite:xy"`
		B        int    `gorm:"uniqueIndex:ab,sort:desc;index:,composite:xy"`
		C        int    `gorm:"index:c_live,where:c > 0"`
		D        int    `gorm:"->"`
		E        int    `gorm:"column:ee;comment:the e"`
	}
)

func (Company) TableName() string { return "firms" }

func TestGORMModelsWorkUnchanged(t *testing.T) {
	t.Parallel()
	var r registry.Registry
	if err := r.Register("hr", &Person{}, &CreditCard{}, &Passport{}, &Toy{}, &Company{}, &Language{}, &Membership{}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"hr.Person": `id ID "id" Uint pk auto blank hidden
name Name "name" Char
manager ManagerID "manager_id" ForeignKey of Uint null blank → hr.Person  as team
company CompanyID "company_id" ForeignKey of Char → hr.Company Protect as person
friends Friends "" ManyToMany blank → hr.Person  as person
languages Languages "" ManyToMany blank → hr.Language  as person
`,
		"hr.CreditCard": `id ID "id" Uint pk auto blank hidden
number Number "number" Char
person PersonID "person_id" OneToOne of Uint unique → hr.Person  as card
`,
		"hr.Passport": `id ID "id" Uint pk auto blank hidden
owner HolderRef "holder_ref" ForeignKey of Uint → hr.Person Cascade as passport
`,
		"hr.Membership": `group_id GroupID "group_id" Uint pk
member_id MemberID "member_id" Uint pk
role Role "role" Char default
a A "a" BigInt
b B "b" BigInt
c C "c" BigInt
d D "d" BigInt null hidden
e E "ee" BigInt
`,
		"hr.PersonFriends": `id ID "id" BigInt pk auto blank hidden
person PersonID "person_id" ForeignKey of Uint index → hr.Person Cascade as 
friend FriendID "friend_id" ForeignKey of Uint index → hr.Person Cascade as 
`,
		"hr.PersonLanguages": `id ID "id" BigInt pk auto blank hidden
speaker SpeakerID "speaker_id" ForeignKey of Uint index → hr.Person Cascade as 
tongue TongueID "tongue_id" ForeignKey of Char index → hr.Language Cascade as 
`,
	} {
		if got := describe(model(t, &r, name)); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
	if m := model(t, &r, "hr.Company"); m.Table != "firms" {
		t.Errorf("table is %q", m.Table)
	}
	m := model(t, &r, "hr.Membership")
	if got, want := fmt.Sprint(m.Unique, m.Indexes,
		m.Checks), "[{ab [a b] []  [] [] false  }] [{hr_membership_xy_idx [a b] []  [] []  false } {c_live [c] [] c > 0 [] []  false }] [{hr_membership_role_check role <> '' }]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, p := range r.Check() {
		if p.ID != "orm.W001" {
			t.Error(p)
		}
	}
}
