package message_test

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/quintetgo/quintet/framework/message"
)

func ExampleNew() {
	taken := message.New("taken", "The name {name} is taken.", message.Args{"name": "ada"})
	fmt.Println(taken.Code)
	fmt.Println(taken)
	// Output:
	// taken
	// The name ada is taken.
}

// A plural pair of texts is selected by the argument that Count names.
func ExampleMessage_plural() {
	for _, n := range []int{1, 3} {
		fmt.Println(message.Message{
			Text:   "{count} photo was uploaded.",
			Plural: "{count} photos were uploaded.",
			Count:  "count",
			Args:   message.Args{"count": n},
		})
	}
	// Output:
	// 1 photo was uploaded.
	// 3 photos were uploaded.
}

// Arguments can be messages, which are rendered in the language of the sentence.
func ExampleList() {
	fields := message.List{message.Text("title"), message.Text("slug"), message.Text("author")}
	fmt.Println(message.New("unique", "A {model} with this {fields} already exists.", message.Args{
		"model": message.Text("post"), "fields": fields,
	}))
	// Output:
	// A post with this title, slug and author already exists.
}

// Clients receive the code with the text.
func ExampleMessage_MarshalJSON() {
	m := message.New("max_size", "The file may have at most {limit} MB.", message.Args{"limit": 10})
	if err := json.NewEncoder(os.Stdout).Encode(m); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {"code":"max_size","message":"The file may have at most 10 MB.","args":{"limit":10}}
}
