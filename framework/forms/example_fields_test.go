package forms_test

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/message"
)

// Limits have codes and arguments, and plural forms.
func ExampleErrors() {
	form := forms.Dynamic(
		&forms.Field{Name: "title", Required: true},
		&forms.Field{Name: "code", MaxLength: 3},
		&forms.Field{Name: "count", Kind: forms.Integer, Min: 1},
	)
	form.ParseValues(url.Values{"code": {"abcde"}, "count": {"0"}})
	for _, name := range []string{"title", "code", "count"} {
		m := form.Errors()[name][0]
		fmt.Printf("%s: %s %v\n  %s\n", name, m.Code, m.Args, m)
	}
	// Output:
	// title: required map[]
	//   Please fill in this field.
	// code: max_length map[length:5 limit:3]
	//   Please use at most 3 characters (this has 5).
	// count: min_value map[limit:1]
	//   Please enter 1 or more.
}

// A form whose fields are known at run time only.
func ExampleDynamic() {
	form := forms.Dynamic(
		&forms.Field{Name: "born", Kind: forms.Date},
		&forms.Field{Name: "weight", Kind: forms.Decimal, Digits: 5, Decimals: 2},
	)
	if form.ParseValues(url.Values{"born": {"23 January 1910"}, "weight": {"070.5"}}) {
		fmt.Println(form.Value("born"))
		fmt.Println(form.Value("weight"))
	}
	// Output:
	// 1910-01-23 00:00:00 +0000 UTC
	// 70.5
}

type order struct {
	Size   string
	Extras []string
}

func (o *order) Fields(f *forms.Fields) {
	forms.Describe(f, &o.Size).Choices(forms.Choice{Value: "s", Label: "Small"}, forms.Choice{Value: "l", Label: "Large"}).Widget(forms.Radio)
	forms.Describe(f, &o.Extras).Choices(forms.Choice{Value: "milk", Label: "Milk"}, forms.Choice{Value: "sugar", Label: "Sugar"})
}

func ExampleFieldOf_Choices() {
	var o order
	fmt.Println(forms.New(&o).ParseValues(url.Values{"size": {"l"}, "extras": {"milk", "sugar"}}), o)

	form := forms.New(&o)
	form.ParseValues(url.Values{"size": {"xl"}})
	fmt.Println(form.Errors())
	// Output:
	// true {l [milk sugar]}
	// size: “xl” is not one of the choices.
}

type signUp struct{ Name string }

func (s *signUp) Fields(f *forms.Fields) {
	forms.Describe(f, &s.Name).Validate(func(name string) error {
		if name != strings.ToLower(name) {
			return message.New("upper_case", "Please write {name} in lower case.", message.Args{"name": name})
		}
		return nil
	})
}

// A validator returns a message with a code of its own.
func ExampleFieldOf_Validate() {
	form := forms.New(&signUp{})
	form.ParseValues(url.Values{"name": {"Ada"}})
	m := form.Errors()["name"][0]
	fmt.Println(m.Code, "-", m)
	// Output:
	// upper_case - Please write Ada in lower case.
}

type short struct{ Code string }

func (s *short) Fields(f *forms.Fields) {
	forms.Describe(f, &s.Code).Max(3).Message("max_length", "No more than {limit} letters!").Message("required", "We need the code.")
}

// A text of your own can use the placeholders of the one that it replaces.
func ExampleFieldOf_Message() {
	for _, code := range []string{"", "abcd"} {
		form := forms.New(&short{})
		form.ParseValues(url.Values{"code": {code}})
		fmt.Println(form.Errors()["code"][0])
	}
	// Output:
	// We need the code.
	// No more than 3 letters!
}

type profile struct{ Photo *forms.File }

func (u *profile) Fields(f *forms.Fields) {
	forms.Describe(f, &u.Photo).Required().Accept(".png", "image/*").MaxSize(1 << 20)
}

// The content of a file is checked, not only its name.
func ExampleFieldOf_Accept() {
	var u profile
	form := forms.New(&u)
	form.ParseValues(nil, forms.NewFile("photo", "me.png", []byte("\x89PNG\r\n\x1a\n…")))
	fmt.Println(u.Photo, u.Photo.ContentType)

	form = forms.New(&profile{})
	form.ParseValues(nil, forms.NewFile("photo", "me.png", []byte("#!/bin/sh")))
	fmt.Println(form.Errors()["photo"][0])
	fmt.Println(form.Enctype())
	// Output:
	// me.png (11 bytes) image/png
	// “me.png” is not of an accepted kind (.png, image/*).
	// multipart/form-data
}
