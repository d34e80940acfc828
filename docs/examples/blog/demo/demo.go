package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/quintetgo/quintet/docs/examples/blog/sample"
	"github.com/quintetgo/quintet/docs/examples/blog/site"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/devserver"
	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/sqlite"
)

func demo() command.Command {
	var o demoOptions
	return command.Command{
		Name: "demo", Short: "run a finished example: a blog with an admin, feeds and a sitemap",
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&o.dir, "dir", "", "`folder` for the data (default: quintet/demo in the user's cache)")
			flags.StringVar(&o.addr, "addr", devserver.DefaultAddr, "`address` to listen on")
			flags.StringVar(&o.password, "password", "", "`password` of the user admin (default: a random one, kept in the folder)")
		},
		Run: func(ctx context.Context, call *command.Call) error {
			var err error
			if o.addr, err = devserver.Address(o.addr); err != nil {
				return command.Usagef("--addr: %w", err)
			}
			return o.run(ctx, call)
		},
	}
}

type demoOptions struct{ dir, addr, password string }

func (o demoOptions) run(ctx context.Context, call *command.Call) error {
	dir, err := demoDir(o.dir)
	if err != nil {
		return err
	}
	keep, err := openKeep(dir, o.password)
	if err != nil {
		return err
	}
	db, err := orm.Open("sqlite:///"+filepath.ToSlash(filepath.Join(dir, "db.sqlite3")), sqlite.Driver)
	if err != nil {
		return err
	}
	defer db.Close()
	// The demo serves HTTP, and shows no debug pages: it is neither a production site nor one in development.
	project := site.Project(framework.Settings{SecretKey: keep.secret, AllowedHosts: demoHosts(o.addr)}, db)
	if err := project.Err(); err != nil {
		return err
	}
	if err := migrate.UpProject(ctx, project); err != nil {
		return err
	}
	if err := sample.Fill(ctx, db, time.Now()); err != nil {
		return err
	}
	if err := sample.Admin(ctx, db, demoUser, keep.password); err != nil {
		return err
	}
	if err := project.Start(ctx); err != nil {
		return err
	}
	options := server.Options{
		Bind: []string{o.addr}, Log: server.Log{Logger: project.Logger()}, Timeouts: server.Timeouts{Grace: -1, Shutdown: 2 * time.Second},
		Ready: func(addrs []net.Addr) { printDemo(call, dir, addrs[0].String(), keep.password) },
	}
	err = server.Run(ctx, project, options)
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err = errors.Join(err, project.Stop(stopping))
	if err == nil {
		call.Printf("Stopped. The data stays in %s\n", dir)
	}
	return err
}

// demoUser is who may use the admin.
const demoUser = "admin"

func printDemo(call *command.Call, dir, addr, password string) {
	base := "http://" + devserver.Public(addr)
	call.Printf("A blog, made with Quintet. Its data is in %s\n\n", dir)
	for _, line := range [][2]string{
		{"Site", base + "/"},
		{"Admin", base + "/admin/"},
		{"Sitemap", base + "/sitemap.xml"},
		{"Feeds", base + "/feed.rss  " + base + "/feed.atom  " + base + "/feed.json"},
		{"User", demoUser},
		{"Password", password},
	} {
		call.Printf("  %-9s %s\n", line[0], line[1])
	}
	call.Printf("\nCtrl-C stops it.\n")
}

// demoDir makes the folder for the data and returns its whole path.
func demoDir(dir string) (string, error) {
	if dir == "" {
		if cache, err := os.UserCacheDir(); err == nil {
			dir = filepath.Join(cache, "quintet", "demo")
		} else {
			dir = "quintet-demo"
		}
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("make the folder for the data: %w", err)
	}
	return dir, nil
}

// demoHosts returns the allowed hosts besides those of this machine: the one it listens on, or any if it
// listens on all interfaces.
func demoHosts(addr string) []string {
	host, _, err := net.SplitHostPort(addr)
	ip := net.ParseIP(host)
	switch {
	case err != nil || host == "localhost" || ip != nil && ip.IsLoopback():
		return nil
	case host == "" || ip != nil && ip.IsUnspecified():
		return []string{"*"}
	default:
		return []string{host}
	}
}
