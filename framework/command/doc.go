// Package command runs the commands of a program: its own, and those that apps add.
//
// A command is a value. Its flags are those of the standard flag package, bound to variables of the
// function that makes the command:
//
//	func importCommand(db *orm.DB) command.Command {
//		var dry bool
//		return command.Command{
//			Name: "import", Usage: "FILE", Short: "Load countries from a JSON file", MinArgs: 1, MaxArgs: 1,
//			Example: "shop import iso.json --dry-run",
//			Flags:   func(f *flag.FlagSet) { f.BoolVar(&dry, "dry-run", false, "change nothing") },
//			Run:     func(ctx context.Context, c *command.Call) error { return load(ctx, db, c.Args[0], dry) },
//		}
//	}
//
// Main turns arguments into an exit status: 0 for done, 1 for failed, 2 for wrong usage. Wrong names of
// commands and flags are answered with the nearest right one. Nothing ever asks a question when no
// person sits at a terminal.
package command
