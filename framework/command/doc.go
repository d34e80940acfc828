// Package command runs the commands of a program: its own, and those that apps add.
//
// A command is a value. Its flags are those of the standard flag package, bound to variables of the function that
// returns the command:
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
// [Main] returns the exit status: 0 for success, 1 for failure, 2 for wrong usage. For an unknown command or flag the
// message suggests the nearest one. Without a terminal, commands do not ask questions.
package command
