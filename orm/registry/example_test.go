package registry_test

import (
	"context"
	"fmt"

	"github.com/quintetgo/quintet/orm/declare"
	"github.com/quintetgo/quintet/orm/registry"
	"github.com/quintetgo/quintet/orm/schema"
)

type Shelf struct {
	ID   int64
	Name string `gorm:"size:40"`
}

type Volume struct {
	ID        int64
	Title     string `gorm:"size:200"`
	Language  string `gorm:"size:2"`
	ShelfID   int64
	Shelf     *Shelf
	CreatedAt int64
}

func (v *Volume) Fields(f *declare.Fields) {
	declare.Describe(f, &v.Title).Label("Full title").Help("As on the cover.")
	declare.Describe(f, &v.Language).Choices(schema.Choice{Value: "en", Label: "English"}, schema.Choice{Value: "fr", Label: "French"})
	declare.FK(f, &v.Shelf).OnDelete(schema.Protect).Related("volumes")
}

func (Volume) Meta() declare.Meta { return declare.Meta{Ordering: []string{"title"}} }

func volumes() *schema.Model {
	var models registry.Registry
	if err := models.Register("library", &Shelf{}, &Volume{}); err != nil {
		panic(err)
	}
	m, err := models.Model("library.Volume")
	if err != nil {
		panic(err)
	}
	return m
}

func ExampleRegistry_Register() {
	m := volumes()
	fmt.Println(m, m.Table, m.Ordering)
	for _, f := range m.Fields {
		fmt.Println(f.Name, f.Column, f.Kind)
	}
	// Output:
	// library.Volume library_volume [title]
	// id id BigInt
	// title title Char
	// language language Char
	// shelf shelf_id ForeignKey
	// created_at created_at BigInt
}

// A model that cannot be used is reported with its place, the problem and a hint.
func ExampleProblemsError() {
	type Keyless struct{ Name string }
	var models registry.Registry
	fmt.Println(models.Register("library", &Keyless{}))
	// Output:
	// library.Keyless: the model has no primary key. Add "ID int64", or the tag gorm:"primaryKey" to one field. (orm.E004)
}

func ExampleRegistry_Model() {
	var models registry.Registry
	if err := models.Register("library", &Shelf{}); err != nil {
		panic(err)
	}
	_, err := models.Model("library.Shelve")
	fmt.Println(err)
	// Output:
	// orm: no model "library.Shelve"; did you mean "library.Shelf"? Registered: library.Shelf
}

func Example_resolveLookup() {
	path, err := volumes().Resolve("shelf__name__icontains")
	if err != nil {
		panic(err)
	}
	fmt.Println(path.Field, path.Lookup, path.ToMany())
	_, err = volumes().Resolve("shelf__nam")
	fmt.Println(err)
	// Output:
	// library.Shelf.name icontains false
	// orm: Volume: lookup "shelf__nam": no field "nam" in library.Shelf; did you mean "name"? Choices: id, name, volumes
}

func Example_choices() {
	f := volumes().ByName("language")
	fmt.Println(f.ChoiceLabel("fr"))
	fmt.Println(f.Validate(context.Background(), "xx"))
	// Output:
	// French
	// “xx” is not one of the choices.
}

func Example_describeField() {
	f := volumes().ByName("title")
	fmt.Println(f.Label, "-", f.Help, f.Size)
	// Output:
	// Full title - As on the cover. 200
}

func Example_describeForeignKey() {
	r := volumes().ByName("shelf").Relation
	fmt.Println(r.To, r.OnDelete, r.QueryName)
	// Output:
	// library.Shelf Protect volumes
}
