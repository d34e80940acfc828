package orm_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"github.com/quintetgo/quintet/orm"
)

// Validate reports every problem at once: of fields, and of the object as a whole.
func ExampleDB_Validate() {
	db, done := openTunes()
	defer done()

	err := db.Validate(context.Background(), &Album{Year: 1800})
	invalid, _ := errors.AsType[*orm.ValidationError](err)
	for _, name := range []string{"title", "label", "year"} {
		for _, m := range invalid.Fields[name] {
			fmt.Printf("%s: %s (%s)\n", name, m, m.Code)
		}
	}
	fmt.Println("HTTP status", invalid.HTTPStatus())
	// Output:
	// title: This field is required. (required)
	// label: This field is required. (required)
	// year: There were no records before 1877. (invalid)
	// HTTP status 422
}

// ValidateFields does not run the Clean method, which checks the object as a whole.
func ExampleDB_ValidateFields() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()

	album := &Album{Title: "Djangologie", Year: 1800}
	fmt.Println(db.ValidateFields(ctx, album, "title", "year"))
	fmt.Println(db.ValidateFields(ctx, album, "label"))
	// Output:
	// <nil>
	// orm: tunes.Album is not valid: label: This field is required.
}

// SkipValidation is for data that is known to be valid, such as an import. The database's constraints still hold.
func ExampleDB_SkipValidation() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()

	tune := &Tune{Title: "N", Key: "G"} // too short for the validator
	fmt.Println(db.Create(ctx, tune))
	fmt.Println(db.SkipValidation().Create(ctx, tune))
	// Output:
	// orm: tunes.Tune is not valid: title: Use at least 2 characters (this has 1).
	// <nil>
}

func ExampleMinLen() {
	check := orm.MinLen(3)
	fmt.Println(check("abc"), check("ab"))
	// Output:
	// <nil> Use at least 3 characters (this has 2).
}

func ExampleAtLeast() {
	check := orm.AtLeast(1877)
	fmt.Println(check(1953), check(1800))
	// Output:
	// <nil> This must be at least 1877.
}

func ExampleMatches() {
	check := orm.Matches(regexp.MustCompile(`^[A-G]m?$`), "Enter a key such as G or Am.")
	fmt.Println(check("Am"), check("H"))
	// Output:
	// <nil> Enter a key such as G or Am.
}
