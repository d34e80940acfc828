package changelist_test

import (
	"fmt"
	"net/url"

	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/orm/registry"
	"github.com/quintetgo/quintet/orm/schema"
)

// postModel returns the model of Post without a database.
func postModel() *schema.Model {
	models := &registry.Registry{}
	if err := models.Register("blog", blog{}.Models()...); err != nil {
		panic(err)
	}
	model, err := models.Model("blog.Post")
	if err != nil {
		panic(err)
	}
	return model
}

// New reports every name that the model does not have.
func ExampleNew() {
	_, problems := changelist.New(postModel(), changelist.Options{
		List: []string{"title", "author__nme"}, Filter: []string{"statsu"}, Search: []string{"author"},
	})
	for _, p := range problems {
		fmt.Printf("%s: %s. %s\n", p.Option, p.Message, p.Hint)
	}
	// Output:
	// List: "author__nme": no field "nme" in blog.Author. Did you mean "author__name"?
	// Filter: there is no field "statsu" in blog.Post. Did you mean "status"?
	// Search: "author" is a relation, which has no text to search. Write "author__name".
}

// Parse reads what an address selects. It ignores what it cannot use, and reports it.
func ExampleConfig_Parse() {
	config, _ := changelist.New(postModel(), changelist.Options{List: []string{"title", "reads"}, Filter: []string{"status"}})
	for _, address := range []string{
		"q=night+train&o=-reads&status=live&p=3",
		"status=live&statsu=draft&o=-body&p=last",
		"body__contains=secret&reads__gte=many",
	} {
		values, _ := url.ParseQuery(address)
		state := config.Parse(values)
		fmt.Println(config.Address("/", state))
		for _, problem := range state.Problems {
			fmt.Println(" ", problem)
		}
	}
	// Output:
	// /?o=-reads&p=3&q=night+train&status=live
	// /?status=live
	//   “last” is not the number of a page.
	//   The list cannot be sorted by “-body”.
	//   There is no filter “statsu”; did you mean “status”?
	// /
	//   There is no filter “body__contains”.
	//   “many” is not a value of Reads.
}

func ExampleTerms() {
	fmt.Printf("%q\n", changelist.Terms(`night "slow train"  Lille`))
	// Output: ["night" "slow train" "Lille"]
}

func ExamplePages() {
	for _, page := range changelist.Pages(6, 40, func(n int) string { return fmt.Sprintf("?p=%d", n) }) {
		switch {
		case page.Gap:
			fmt.Print("… ")
		case page.Current:
			fmt.Print("[" + page.Label + "] ")
		default:
			fmt.Print(page.Label + " ")
		}
	}
	// Output: 1 … 5 [6] 7 … 40
}
