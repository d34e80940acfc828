package command_test

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/quintetgo/quintet/framework/command"
)

func importCommand() command.Command {
	var dry bool
	var limit command.Size
	return command.Command{
		Name: "import", Usage: "FILE", Short: "Load countries from a JSON file", MinArgs: 1, MaxArgs: 1,
		Example: "import iso.json --dry-run",
		Flags: func(f *flag.FlagSet) {
			f.BoolVar(&dry, "dry-run", false, "change nothing")
			f.Var(&limit, "limit", "`size` of the largest file")
		},
		Run: func(_ context.Context, c *command.Call) error {
			c.Printf("importing %s, dry run: %t, limit: %d bytes\n", c.Args[0], dry, limit)
			return nil
		},
	}
}

// Run a command with flags of the standard flag package.
func ExampleMain() {
	program := command.Program{Name: "shop", Commands: []command.Command{importCommand()}}
	call := command.Call{Out: os.Stdout, Err: os.Stdout}
	for _, args := range [][]string{{"import", "iso.json", "--dry-run", "--limit", "2M"}, {"import"}, {"imprt"}} {
		fmt.Println("status", command.Main(context.Background(), program, args, call))
	}
	// Output:
	// importing iso.json, dry run: true, limit: 2097152 bytes
	// status 0
	// shop import: FILE is missing
	// See "shop import --help".
	// status 2
	// shop: unknown command "imprt"; did you mean "import"?
	// See "shop --help".
	// status 2
}

// Parse numbers of bytes.
func ExampleSize() {
	var size command.Size
	for _, text := range []string{"4096", "500K", "2GiB", "much"} {
		err := size.Set(text)
		fmt.Println(uint64(size), err)
	}
	// Output:
	// 4096 <nil>
	// 512000 <nil>
	// 2147483648 <nil>
	// 2147483648 "much" is not a size; write a number of bytes such as 500K, 512M or 2G
}

// A flag with several values.
func ExampleList() {
	var hosts command.List
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.Var(&hosts, "host", "`name` of the site; may be repeated")
	_ = flags.Parse([]string{"--host", "a.example,b.example", "--host", "c.example"})
	fmt.Println(len(hosts), hosts)
	// Output: 3 [a.example b.example c.example]
}
