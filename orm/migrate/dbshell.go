package migrate

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/orm/router"
)

// shellCommand opens the database in the client of its maker.
func shellCommand(p func() project) command.Command {
	var database string
	return command.Command{
		Name: "dbshell", Short: "Open the database in its own client",
		Long: "Open the database in its own client, for a person to type SQL: sqlite3, psql, mariadb or mysql, which must be installed.\n" +
			"The client receives the password in its environment.",
		Example: "dbshell\ndbshell --database logs",
		Flags: func(f *flag.FlagSet) {
			f.StringVar(&database, "database", router.Default, "the database with this `alias`")
		},
		Run: func(ctx context.Context, c *command.Call) error {
			selected, err := p().selected(database)
			if err != nil {
				return err
			}
			var names []string
			for _, program := range selected[0].db.Session().Shell() {
				path, err := exec.LookPath(program.Name)
				if err != nil {
					names = append(names, program.Name)
					continue
				}
				// An interrupt ends the statement that the client runs, not the client.
				cmd := exec.CommandContext(context.WithoutCancel(ctx), path, program.Args...)
				cmd.Env = append(os.Environ(), program.Env...)
				cmd.Stdin, cmd.Stdout, cmd.Stderr = c.In, c.Out, c.Err
				if err := cmd.Run(); err != nil {
					return fmt.Errorf("%s: %w", program.Name, err)
				}
				return nil
			}
			return fmt.Errorf("the client of the database, %s, is not installed: install it, and make sure that it is in PATH",
				strings.Join(names, " or "))
		},
	}
}
