package check_test

import (
	"fmt"
	"os"

	"github.com/quintetgo/quintet/framework/check"
)

// Report problems of a configuration, and refuse to start if there is an error.
func ExampleRequire() {
	problems := []check.Problem{
		{ID: "shop.W001", Level: check.Warning, Place: "SHOP_TAX", Message: "the tax is 0", Hint: "Set SHOP_TAX in percent."},
		{ID: "shop.E001", Level: check.Error, Place: "shop/models.go:12", Message: "the model has no price"},
	}
	fmt.Println(check.Require(os.Stdout, problems))
	// Output:
	// error (shop.E001): shop/models.go:12: the model has no price
	// warning (shop.W001): SHOP_TAX: the tax is 0
	//     Set SHOP_TAX in percent.
	// not started, because of 1 error
}

// Suggest the nearest valid name.
func ExampleDidYouMean() {
	names := []string{"title", "status", "created_at"}
	fmt.Printf("unknown field %q%s\n", "stauts", check.DidYouMean("stauts", names))
	fmt.Printf("unknown field %q%s\n", "price", check.DidYouMean("price", names))
	// Output:
	// unknown field "stauts"; did you mean "status"?
	// unknown field "price"
}
