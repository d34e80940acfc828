package changeform_test

import (
	"fmt"
	"net/url"

	"github.com/quintetgo/quintet/admin/changeform"
	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/registry"
)

type Booking struct {
	ID       int64
	Venue    string `gorm:"size:200"`
	Fee      int
	Notes    string `gorm:"type:text"`
	APIToken string `gorm:"size:100"`
}

func (b *Booking) Fields(f *orm.Fields) { orm.Describe(f, &b.Notes).Blank() }
func (b Booking) Tax() int              { return b.Fee / 5 }

func model() *orm.Model {
	models := &registry.Registry{}
	if err := models.Register("backstage", &Booking{}); err != nil {
		panic(err)
	}
	m, err := models.Model("backstage.Booking")
	if err != nil {
		panic(err)
	}
	return m
}

// ReadOnly may name methods and computed columns. Every name that does not exist is reported.
func ExampleNew() {
	config, _ := changeform.New(model(), changeform.Options{
		Fieldsets: []changeform.Fieldset{
			{Fields: []string{"venue", "notes"}},
			{Title: "Money", Fields: []string{"fee", "tax", "price"}},
		},
		ReadOnly: []string{"tax", "price"},
		Computed: []changelist.Computed{{Name: "price", Value: func(obj any) any { return obj.(*Booking).Fee + obj.(*Booking).Tax() }}},
	})
	fmt.Println(config.Names(), config.IsReadOnly("tax"))

	_, problems := changeform.New(model(), changeform.Options{Fields: []string{"venu", "tax"}})
	for _, p := range problems {
		fmt.Printf("%s: %s. %s\n", p.Option, p.Message, p.Hint)
	}
	// Output:
	// [venue notes fee tax price] true
	// Fields: there is no field "venu" in backstage.Booking. Did you mean "venue"?
	// Fields: there is no field "tax" in backstage.Booking. Choose from venue, fee, notes, api_token.
}

func ExampleEditable() {
	fmt.Println(changeform.Editable(model()))
	// Output: [venue fee notes api_token]
}

// The values of secret fields are not recorded in the history.
func ExampleSecret() {
	for _, field := range model().Fields {
		fmt.Println(field.Name, changeform.Secret(field))
	}
	// Output:
	// id false
	// venue false
	// fee false
	// notes false
	// api_token true
}

func ExampleSummarize() {
	form := forms.Dynamic(&forms.Field{Name: "venue", Label: "Venue", Required: true}, &forms.Field{Name: "fee", Label: "Fee", Kind: forms.Integer})
	form.ParseValues(url.Values{"fee": {"a lot"}})
	summary := changeform.Summarize(form)
	fmt.Println(summary.Title)
	for _, p := range summary.Problems {
		fmt.Println(p.ID, p.Label+":", p.Text)
	}
	// Output:
	// 2 fields need your attention
	// id_venue Venue: Please fill in this field.
	// id_fee Fee: Please enter a whole number.
}
