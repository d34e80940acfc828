package deploy_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/deploy"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write the golden files anew")

// shop returns a site with all values.
func shop() deploy.Site {
	return deploy.Site{Name: "shop", Hosts: []string{"shop.example", ".shop.example"}, GoVersion: "1.26", Migrates: true}
}

func TestFilesAreTheGoldenOnes(t *testing.T) {
	t.Parallel()
	socket, large := shop(), shop()
	socket.Addr, socket.FastCGI, socket.User = "unix:/run/shop/shop.sock?mode=0660", true, "shop"
	large.TLSCert, large.TLSKey, large.MaxBody, large.RequestTimeout = "/etc/ssl/shop.pem", "/etc/ssl/shop.key", -1, 90*time.Second
	large.StaticURL, large.SQLite = "https://cdn.example/", true
	for name, site := range map[string]deploy.Site{"plain": shop(), "socket": socket, "large": large} {
		for _, kind := range deploy.Kinds() {
			t.Run(name+" "+kind, func(t *testing.T) {
				t.Parallel()
				files, err := deploy.Render(kind, site)
				if site.FastCGI && (kind == "docker" || kind == "kubernetes") {
					if err == nil {
						t.Error("a unix socket was taken")
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				var archive txtar.Archive
				for _, file := range files {
					archive.Files = append(archive.Files, txtar.File{Name: file.Name, Data: file.Content})
				}
				got, golden := txtar.Format(&archive), filepath.Join("testdata", kind+"-"+name+".txtar")
				if *update {
					if err := os.WriteFile(golden, got, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(golden)
				if err != nil || !bytes.Equal(got, want) {
					t.Errorf("%s differs (%v); see what go test -update changes. Got:\n%s", golden, err, got)
				}
			})
		}
	}
}

func TestWhatCannotStandInAFileIsRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		kind   string
		change func(*deploy.Site)
		want   string
	}{
		"an unknown kind":        {"ngnix", func(*deploy.Site) {}, `did you mean "nginx"?`},
		"no name of the site":    {"nginx", func(s *deploy.Site) { s.Hosts = nil }, "ALLOWED_HOSTS"},
		"a name with a brace":    {"nginx", func(s *deploy.Site) { s.Hosts = []string{"a; }"} }, "is not a host name"},
		"a path with a line end": {"systemd", func(s *deploy.Site) { s.Dir = "/srv/a\nUser=root" }, "the folder of the program"},
		"a quoted static folder": {"apache", func(s *deploy.Site) { s.StaticDir = `/srv/"` }, "the folder of static files"},
		"a user with a space":    {"systemd", func(s *deploy.Site) { s.User = "a b" }, "is not a user name"},
		"half of a certificate":  {"nginx", func(s *deploy.Site) { s.TLSCert = "/a.pem" }, "require each other"},
		"a program in capitals":  {"docker", func(s *deploy.Site) { s.Name = "Shop" }, "lower-case letters"},
		"an address without end": {"nginx", func(s *deploy.Site) { s.Addr = "here" }, "bind address"},
		"a socket in quotes":     {"nginx", func(s *deploy.Site) { s.Addr = `unix:/run/";` }, "the socket"},
		"FastCGI for probes":     {"kubernetes", func(s *deploy.Site) { s.FastCGI = true }, "not FastCGI"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := shop()
			test.change(&site)
			if _, err := deploy.Render(test.kind, site); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q in it", err, test.want)
			}
		})
	}
}

func TestNginxWithoutIPv6(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ none, tls bool }{{false, false}, {false, true}, {true, false}, {true, true}} {
		site := shop()
		site.Hosts, site.NoIPv6 = []string{"shop.example"}, c.none
		if c.tls {
			site.TLSCert, site.TLSKey = "/etc/ssl/a.pem", "/etc/ssl/a.key"
		}
		files, err := deploy.Render("nginx", site)
		if err != nil {
			t.Fatal(err)
		}
		text := string(files[0].Content)
		listens := strings.Contains(text, "\tlisten [::]:")
		if listens == c.none || strings.Contains(text, "# listen [::]:") != c.none || strings.Contains(text, "listen 443 ssl http2;") != c.tls {
			t.Errorf("%+v:\n%s", c, text)
		}
	}
}

func TestProgramName(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"shop": "shop", "My_Shop.v2": "my-shop-v2", "2nd": "site", "": "site", "-a-": "a"} {
		if got := deploy.ProgramName(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func run(args ...string) (code int, out, errs string) {
	var stdout, stderr bytes.Buffer
	program := command.Program{Name: "shop", Commands: []command.Command{deploy.Command(func() (deploy.Site, error) { return shop(), nil })}}
	code = command.Main(context.Background(), program, append([]string{"deploy"}, args...), command.Call{Out: &stdout, Err: &stderr})
	return code, stdout.String(), stderr.String()
}

func TestCommandPrintsAndWrites(t *testing.T) {
	t.Parallel()
	code, out, errs := run("nginx", "--domain", "other.example", "--max-body", "1500K", "--bind", ":9000")
	for _, want := range []string{"server_name other.example;", "client_max_body_size 1500k;", "server 127.0.0.1:9000 "} {
		if code != 0 || !strings.Contains(out, want) {
			t.Errorf("status %d: %q is missing in\n%s%s", code, want, out, errs)
		}
	}
	if !strings.Contains(errs, "nginx -t") {
		t.Errorf("no next steps: %s", errs)
	}
	dir := filepath.Join(t.TempDir(), "new")
	if code, out, errs = run("systemd", "--out", dir); code != 0 || !strings.Contains(out, "shop.socket") {
		t.Errorf("status %d: %s%s", code, out, errs)
	}
	path := filepath.Join(dir, "shop.service")
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs = run("systemd", "--out", dir); code != 1 || !strings.Contains(errs, "--force") {
		t.Errorf("status %d: %s", code, errs)
	}
	if text, _ := os.ReadFile(path); string(text) != "mine" {
		t.Error("a file was overwritten")
	}
	if code, _, errs = run("systemd", "--out", dir, "--force"); code != 0 {
		t.Errorf("status %d: %s", code, errs)
	}
	if text, _ := os.ReadFile(path); !strings.Contains(string(text), "Type=notify") {
		t.Errorf("got %s", text)
	}
}

func TestCommandRefusesWrongUse(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"ngnix":                           `did you mean "nginx"?`,
		"":                                "is missing",
		"nginx --protocol uwsgi":          `must be "http" or "fcgi"`,
		"nginx --bind :1 --socket /a":     "exclude each other",
		"nginx --max-body many":           "is not a size",
		"nginx --max-body 99999999999999": "is not a size",
	} {
		if code, _, errs := run(strings.Fields(args)...); code != 2 || !strings.Contains(errs, want) {
			t.Errorf("%s: status %d, %s", args, code, errs)
		}
	}
}

// TestYAMLIsWellFormed checks the structure: indentation by two, no tabs, every line a key, an item or a comment, and
// no repeated key in a mapping.
func TestYAMLIsWellFormed(t *testing.T) {
	t.Parallel()
	for _, sqlite := range []bool{false, true} {
		site := shop()
		site.SQLite = sqlite
		files, err := deploy.Render("kubernetes", site)
		if err != nil {
			t.Fatal(err)
		}
		kinds := ""
		for document := range strings.SplitSeq(string(files[0].Content), "\n---\n") {
			kinds += checkYAML(t, document) + " "
		}
		if want := map[bool]string{false: "Job Deployment Service ", true: "PersistentVolumeClaim Deployment Service "}[sqlite]; kinds != want {
			t.Errorf("got %q, want %q", kinds, want)
		}
	}
}

func checkYAML(t *testing.T, document string) (kind string) {
	t.Helper()
	seen := []map[string]bool{} // keys at each depth
	last, open := 0, true
	for i, line := range strings.Split(document, "\n") {
		text := strings.TrimLeft(line, " ")
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		depth := (len(line) - len(text)) / 2
		if strings.Contains(line, "\t") || (len(line)-len(text))%2 != 0 || depth > last && !open {
			t.Errorf("line %d is indented wrongly: %q", i+1, line)
		}
		if item, ok := strings.CutPrefix(text, "- "); ok {
			text = item
			depth++
			seen = seen[:min(depth, len(seen))]
		}
		key, value, ok := strings.Cut(text, ":")
		if !ok || value != "" && value[0] != ' ' || strings.ContainsAny(key, " \"") {
			t.Errorf("line %d is neither a key nor an item with keys: %q", i+1, line)
		}
		seen = seen[:min(depth+1, len(seen))]
		for len(seen) <= depth {
			seen = append(seen, map[string]bool{})
		}
		if seen[depth][key] {
			t.Errorf("line %d: the key %s is there already", i+1, key)
		}
		seen[depth][key] = true
		last, open = depth, value == ""
		if depth == 0 && key == "kind" {
			kind = strings.TrimSpace(value)
		}
	}
	return kind
}
