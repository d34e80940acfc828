package deploy

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/quintetgo/quintet/framework/command"
)

// flags are what the command can be told on top of the settings.
type flags struct {
	out, dir, user, bind, socket, protocol, static, maxBody, cert, key string
	domains                                                            command.List
	force                                                              bool
}

func (o *flags) declare(f *flag.FlagSet) {
	*o = flags{}
	f.StringVar(&o.out, "out", "", "`folder` to write into; without it the files are printed")
	f.Var(&o.domains, "domain", "`name` of the site; may be repeated (default: the setting ALLOWED_HOSTS)")
	f.StringVar(&o.user, "user", "", "`name` of the user as whom systemd runs the program (default: one made up by systemd)")
	f.StringVar(&o.dir, "dir", "", "`path` of the program's folder on the server (default: /srv/ and the program's name)")
	f.StringVar(&o.bind, "bind", "", "`address` where serve listens (default: the setting ADDR)")
	f.StringVar(&o.socket, "socket", "", "`path` of the unix socket where serve listens, instead of --bind")
	f.StringVar(&o.protocol, "protocol", "http", "`http` or fcgi, between the web server and the site")
	f.StringVar(&o.static, "static", "", "`folder` of the static files on the server (default: the setting STATIC_ROOT)")
	f.StringVar(&o.maxBody, "max-body", "", "`size` of the largest upload, as 32M (default: the setting MAX_BODY)")
	f.StringVar(&o.cert, "tls-cert", "", "`file` with the certificate on the web server's machine; http then leads to https")
	f.StringVar(&o.key, "tls-key", "", "`file` with its key")
	f.BoolVar(&o.force, "force", false, "overwrite files that are there")
}

// apply puts the flags over the site of the settings.
func (o *flags) apply(s *Site) error {
	for _, text := range []struct {
		value string
		dst   *string
	}{
		{o.user, &s.User}, {o.dir, &s.Dir}, {o.bind, &s.Addr}, {o.static, &s.StaticDir}, {o.cert, &s.TLSCert}, {o.key, &s.TLSKey},
	} {
		if text.value != "" {
			*text.dst = text.value
		}
	}
	if len(o.domains) > 0 {
		s.Hosts = o.domains
	}
	if o.socket != "" {
		if o.bind != "" {
			return command.Usagef("--bind and --socket exclude each other")
		}
		s.Addr = "unix:" + o.socket
	}
	if o.protocol != "http" && o.protocol != "fcgi" {
		return command.Usagef("--protocol %s: there are http and fcgi", o.protocol)
	}
	s.FastCGI = o.protocol == "fcgi"
	if o.maxBody != "" {
		size, err := parseSize(o.maxBody)
		if err != nil {
			return command.Usagef("--max-body: %w", err)
		}
		s.MaxBody = size
	}
	return nil
}

// Command returns the command deploy. It calls open when it runs.
func Command(open func() (Site, error)) command.Command {
	var o flags
	return command.Command{
		Name: "deploy", Usage: strings.Join(Kinds(), "|"), MinArgs: 1, MaxArgs: 1, Short: "Write the files for production: nginx, Apache, systemd, Docker, Kubernetes",
		Long: "Write the files with which the site goes into production, made from its settings: " + strings.Join(Kinds(), ", ") + ".\n" +
			"Without --out they are printed. They are yours to change.",
		Example: "deploy nginx --socket /run/shop/shop.sock --out deploy\ndeploy systemd --socket /run/shop/shop.sock\ndeploy kubernetes > shop.yaml",
		Flags:   o.declare,
		Run: func(_ context.Context, c *command.Call) error {
			if _, err := find(c.Args[0]); err != nil {
				return command.Usagef("%w", err)
			}
			s, err := open()
			if err != nil {
				return err
			}
			if err := o.apply(&s); err != nil {
				return err
			}
			files, steps, err := render(c.Args[0], s)
			if err != nil {
				return err
			}
			if o.out == "" {
				show(c, files)
			} else if err := write(c, o.out, files, o.force); err != nil {
				return err
			}
			c.Errorf("\nNext:\n")
			for _, step := range steps {
				c.Errorf("  %s\n", step)
			}
			return nil
		},
	}
}

// show prints the files one after the other, with their names if there are several.
func show(c *command.Call, files []File) {
	for i, file := range files {
		if len(files) > 1 {
			if i > 0 {
				c.Printf("\n")
			}
			c.Printf("# ---- %s ----\n", file.Name)
		}
		c.Printf("%s", file.Content)
	}
}

// write puts all files into a folder, or none of them if one is there already.
func write(c *command.Call, dir string, files []File, force bool) error {
	for _, file := range files {
		path := filepath.Join(dir, file.Name)
		if _, err := os.Lstat(path); err == nil && !force {
			return fmt.Errorf("%s is there already; --force overwrites it", path)
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, file := range files {
		path := filepath.Join(dir, file.Name)
		if err := os.WriteFile(path, file.Content, 0o644); err != nil {
			return err
		}
		c.Printf("Wrote %s\n", path)
	}
	return nil
}

// parseSize parses a number of bytes; 0 means no limit, which is a negative number in a Site.
func parseSize(text string) (int64, error) {
	var size command.Size
	if err := size.Set(text); err != nil {
		return 0, err
	}
	if size == 0 {
		return -1, nil
	}
	return int64(size), nil
}
