package staticfiles_test

import (
	"fmt"
	"testing/fstest"

	"github.com/quintetgo/quintet/framework/staticfiles"
)

// The address of a file contains a hash of its content.
func ExampleFiles_URL() {
	files, err := staticfiles.New([]staticfiles.Source{{Name: "blog", FS: fstest.MapFS{
		"blog/blog.css": {Data: []byte("body { margin: 0 }")},
	}}}, staticfiles.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	address, err := files.URL("blog/blog.css")
	fmt.Println(len(address) > len("/static/blog/blog.css"), err)
	_, err = files.URL("blog/blog.cs")
	fmt.Println(err)
	// Output:
	// true <nil>
	// static file "blog/blog.cs" does not exist; did you mean "blog/blog.css"?
}
