package registry_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm/declare"
	"github.com/quintetgo/quintet/orm/registry"
	"github.com/quintetgo/quintet/orm/schema"
)

// Base describes itself; models that embed it get its rules whether or not they call its Fields method.
type BaseThing struct {
	ID    int64
	Slug  string `gorm:"size:50"`
	Email string
}

func (b *BaseThing) Fields(f *declare.Fields) {
	declare.Describe(f, &b.Slug).Slug().Unique().Help("Used in addresses").ErrorMessage("unique", "Taken.")
	declare.Describe(f, &b.Email).Email().Label("Mail").Blank().Validate(func(s string) error {
		if strings.HasSuffix(s, ".invalid") {
			return errors.New("no such place")
		}
		return nil
	})
}

type Thing struct {
	BaseThing
	Title   string `gorm:"size:5"`
	Site    string
	Amount  Money `gorm:"type:decimal(5,2)"`
	Born    time.Time
	Seen    *time.Time
	Secret  string `gorm:"comment:hidden"`
	Rank    int    `gorm:"default:3"`
	Made    string `gorm:"default:(lower('X'))"`
	OwnerID *int64
	Owner   *Owner
	Boss    int64
	Parts   []Part
}

type Money string

func (t *Thing) Fields(f *declare.Fields) {
	t.BaseThing.Fields(f) // a second time
	declare.Describe(f, &t.Title).Default(func() string { return "new" }).Index().Widget("fancy")
	declare.Describe(f, &t.Site).URL().Size(40).Blank()
	declare.Describe(f, &t.Born).Date()
	declare.Describe(f, &t.Seen).TimeOfDay().Required()
	declare.Describe(f, &t.Secret).ReadOnly().Text().Blank()
	declare.FK(f, &t.Owner).OnDelete(schema.SetNull).Related("things").OneToOne().Label("Keeper").Help("Who has it").Required()
	declare.FKTo(f, &t.Boss, "Stock.OWNER").OnDelete(schema.Cascade).Related("-").NoConstraint().ReadOnly().Blank()
	declare.M2M(f, &t.Parts).Through(&ThingPart{}).Related("in").Widget("filter").Required().ErrorMessage("required", "Some part.")
}

func (t Thing) String() string { return "thing " + t.Title }

func (*Thing) Meta() declare.Meta {
	return declare.Meta{
		Label: "gadget", LabelPlural: "gadgets", Table: "gadget", Ordering: []string{"title"}, Latest: "born",
		Indexes: []schema.Index{{Fields: []string{"-born", "title"}}}, Unique: []schema.Unique{{
			Fields:  []string{"title", "owner"},
			Message: "One each.",
		}},
		Checks: []schema.Check{{SQL: "rank > 0"}}, Permissions: []schema.Permission{{Codename: "lend", Name: "Can lend"}},
	}
}

type (
	Owner struct {
		ID   int64
		Name string
	}
	Part struct{ ID int64 }

	ThingPart struct {
		ID      int64
		ThingID int64
		Thing   *Thing
		PartID  int64
		Part    *Part
		Count   int
	}
)

func (p *ThingPart) Fields(f *declare.Fields) {
	declare.FK(f, &p.Thing).OnDelete(schema.Cascade).Related("counts")
	declare.FK(f, &p.Part).OnDelete(schema.Cascade).Related("counts")
}

func stock(t *testing.T) *registry.Registry {
	t.Helper()
	var r registry.Registry
	if err := r.Register("stock", &Thing{}, &Owner{}, &Part{}, &ThingPart{}); err != nil {
		t.Fatal(err)
	}
	if err := r.Register("stock", Thing{}); err != nil { // again
		t.Fatal(err)
	}
	if problems := r.Check(); len(problems) != 0 {
		t.Fatal(problems)
	}
	return &r
}

func TestBuilder(t *testing.T) {
	t.Parallel()
	r := stock(t)
	m := model(t, r, "stock.Thing")
	want := `id ID "id" BigInt pk auto blank hidden
slug Slug "slug" Slug 50 unique
email Email "email" Email blank
title Title "title" Char 5 index default
site Site "site" URL 40 blank
amount Amount "amount" Decimal
born Born "born" Date
seen Seen "seen" Time null
secret Secret "secret" Text blank hidden
rank Rank "rank" BigInt default
made Made "made" Char
owner OwnerID "owner_id" OneToOne of BigInt null unique → stock.Owner SetNull as things
boss Boss "boss" ForeignKey of BigInt blank hidden → stock.Owner Cascade as 
parts Parts "" ManyToMany → stock.Part  as in
`
	if got := describe(m); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	got := fmt.Sprint(m.Table, " ", m.Label, " ", m.LabelPlural, m.Ordering, m.Latest, m.Indexes, m.Unique, m.Checks, m.Permissions)
	if want := "gadget gadget gadgets[title]born[{gadget_born_title_idx [-born title] []  [] []  false }] [{gadget_title_owner_id_uniq [title owner] []  [] [] false  One each.}] [{gadget_1_check rank > 0 }] [{lend Can lend}]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if len(m.Lookup("email").Validators) != 1 {
		t.Error("the base's validators were added twice")
	}
	owner, boss, parts := m.Lookup("owner"), m.Lookup("boss"), m.Lookup("parts")
	if owner.Label != "Keeper" || owner.Help != "Who has it" || !owner.Required() || boss.Relation.Constraint || boss.Relation.Alias != "" || boss.Attr != "boss" {
		t.Errorf("owner %+v, boss %+v", owner, boss.Relation)
	}
	if through := parts.Relation.Through; through.String() != "stock.ThingPart" || parts.Relation.ThroughFrom.Name != "thing" || parts.Relation.ThroughTo.Name != "part" || parts.Widget != "filter" {
		t.Errorf("through %v", through)
	}
	if f := m.Lookup("made"); f.DBDefault != "(lower('X'))" || f.Default != nil {
		t.Errorf("made: %q", f.DBDefault)
	}
	if f := m.Lookup("slug"); f.Message(message.New("unique", "usual")).String() != "Taken." || f.Message(message.New("other",
		"usual")).String() != "usual" || f.Help != "Used in addresses" {
		t.Error("messages of the base are lost")
	}
	fresh := m.New().(*Thing)
	if fresh.Title != "new" || fresh.Rank != 3 {
		t.Errorf("fresh %+v", fresh)
	}
	if m.Display(fresh) != "thing new" || m.Display(*fresh) != "thing new" || m.Display(nil) != "" || m.Display((*Thing)(nil)) != "" {
		t.Error("Display is wrong")
	}
	if o := model(t, r,
		"stock.Owner"); o.Display(&Owner{ID: 3}) != "Owner 3" || o.ReverseBy("things") == nil || o.ReverseBy("") != nil || slices.Contains(o.Names(), "") {
		t.Errorf("owner: %v", o.Names())
	}
}

func TestFieldValidation(t *testing.T) {
	t.Parallel()
	m := model(t, stock(t), "stock.Thing")
	for _, test := range []struct {
		field string
		value any
		want  string // "" for a valid value
	}{
		{"slug", "a-b_9", ""},
		{"slug", "a b", "letters, digits"},
		{"slug", "ä", "letters, digits"},
		{"email", "zoe@example.org", ""},
		{"email", "zoe@localhost", ""},
		{"email", "zoe", "valid email"},
		{"email", "Zoe <z@example.org>", "valid email"},
		{"email", "a@b@c.org", "valid email"},
		{"email", "a@b", "valid email"},
		{"email", "a\n@example.org", "valid email"},
		{"site", "https://example.org/x?y", ""},
		{"site", "example.org", "web address"},
		{"site", "javascript:alert(1)", "web address"},
		{"site", "https://", "web address"},
		{"title", "fünf5", ""},
		{"title", "sechs6", "at most 5 characters (this has 6)"},
		{"title", "a\x00", "cannot be stored"},
		{"title", "\xff", "cannot be stored"},
		{"amount", Money("123.45"), ""},
		{"amount", Money("-123.4"), ""},
		{"amount", Money("1.234"), "2 decimal places"},
		{"amount", Money("1234"), "3 digits before"},
	} {
		err := m.Lookup(test.field).Validate(t.Context(), test.value)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s = %q: got %v, want %q", test.field, test.value, err, test.want)
		}
	}
}

func TestChoices(t *testing.T) {
	t.Parallel()
	f := model(t, newRegistry(t), "blog.Post").Lookup("status")
	live := Status("live")
	for _, v := range []any{"live", Status("live"), &live} {
		if got := f.ChoiceLabel(v); got != "Live" {
			t.Errorf("label of %v (%T) is %q", v, v, got)
		}
	}
	for _, v := range []any{"gone", nil, 3, []string{"live"}} {
		if got := f.ChoiceLabel(v); got != "" {
			t.Errorf("label of %v is %q", v, got)
		}
	}
	if f.Validate(t.Context(), Status("live")) != nil || f.Validate(t.Context(), Status("gone")) == nil {
		t.Error("choices are not checked")
	}
}

func TestModelsWithoutGoTypes(t *testing.T) {
	t.Parallel()
	var r registry.Registry
	id := func() *schema.Field {
		return &schema.Field{Name: "id", Column: "id", Kind: schema.KindBigInt, PrimaryKey: true, Auto: true}
	}
	err := r.Add(
		&schema.Model{
			App: "blog", Name: "Tag", Table: "blog_tag",
			Fields: []*schema.Field{id(), {Name: "name", Column: "name", Kind: schema.KindChar}},
		},
		&schema.Model{App: "blog", Name: "Post", Table: "blog_post", Fields: []*schema.Field{
			id(), {
				Name: "tag", Column: "tag_id", Kind: schema.KindForeignKey,
				Relation: &schema.Relation{Target: "blog.Tag", OnDelete: schema.Cascade},
			},
		}},
	)
	if err != nil {
		t.Fatal(err)
	}
	post := model(t, &r, "blog.Post")
	p, err := post.Resolve("tag__name__contains")
	if err != nil || p.Field.String() != "blog.Tag.name" || post.New() != nil {
		t.Errorf("%v %v", p, err)
	}
	if v, err := post.Lookup("tag_id").Convert("7"); err != nil || v != int64(7) {
		t.Errorf("%v %v", v, err)
	}
}
