package schema_test

import (
	"fmt"
	"reflect"
	"time"

	"github.com/quintetgo/quintet/orm/schema"
)

func ExampleSnakeName() {
	fmt.Println(schema.SnakeName("CreatedAt"), schema.SnakeName("HTMLBody"), schema.SnakeName("OAuthID"))
	// Output: created_at html_body oauth_id
}

func ExamplePlural() {
	fmt.Println(schema.Plural("Post"), schema.Plural("Category"), schema.Plural("box"))
	// Output: Posts Categories boxes
}

func ExampleConstraintName() {
	fmt.Println(schema.ConstraintName("blog_post", "uniq", "slug", "lang"))
	// Output: blog_post_slug_lang_uniq
}

func ExampleField_Convert() {
	f := &schema.Field{Name: "seats", Kind: schema.KindInt, Type: reflect.TypeFor[int32]()}
	fmt.Println(f.Convert("120"))
	fmt.Println(f.Convert("many"))
	// Output:
	// 120 <nil>
	// <nil> "many" is not a whole number
}

func ExampleField_Equal() {
	f := &schema.Field{Name: "at", Kind: schema.KindDateTime, Type: reflect.TypeFor[time.Time]()}
	at := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	fmt.Println(f.Equal(at, at.In(time.FixedZone("CEST", 7200))), f.Equal(at, at.Add(time.Hour)))
	// Output: true false
}

func ExampleLookups() {
	fmt.Println(schema.Lookups(schema.KindBool))
	fmt.Println(schema.Transforms(schema.KindTime))
	// Output:
	// [exact in isnull]
	// [hour minute second]
}
