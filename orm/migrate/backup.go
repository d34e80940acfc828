package migrate

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/orm/router"
)

// backupCommand copies the database of a site that may be serving meanwhile.
func backupCommand(p func() project) command.Command {
	var database string
	return command.Command{
		Name: "backup", Usage: "[FILE]", MaxArgs: 1, Short: "Copy the database into one file",
		Long: "Copy the database into a new file that only its owner may read. The copy is complete and verified; the site can be\n" +
			"served meanwhile. FILE may be a folder, and is the working directory by default; the file name is then derived from the\n" +
			"time, such as backup-20261127-143000.sqlite3. An existing file is never replaced.\n\n" +
			"To restore a copy, stop the site, replace the database by the copy, and start the site again.",
		Flags: func(f *flag.FlagSet) {
			f.StringVar(&database, "database", router.Default, "the database with this `alias`")
		},
		Example: "backup\nbackup /var/backups/shop/\nbackup before-the-move.sqlite3",
		Run: func(ctx context.Context, c *command.Call) error {
			path := "."
			if len(c.Args) == 1 {
				path = c.Args[0]
			}
			if info, err := os.Stat(path); err == nil && info.IsDir() {
				path = filepath.Join(path, "backup-"+time.Now().UTC().Format("20060102-150405")+".sqlite3")
			}
			selected, err := p().selected(database)
			if err != nil {
				return err
			}
			if err := selected[0].db.Backup(ctx, path); err != nil {
				return err
			}
			info, err := os.Stat(path)
			if err != nil {
				return fmt.Errorf("stat the copy: %w", err)
			}
			c.Printf("Wrote the database to %s (%d bytes).\n", path, info.Size())
			return nil
		},
	}
}
