package docs_test

import (
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/admin"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/docs/snippets/members"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/ormtest"
)

var update = flag.Bool("update", false, "write the tables of flags in commands.md")

var (
	checkIDs  = regexp.MustCompile(`"([a-z]+\.[CEWI][0-9]{3})"`)
	shownIDs  = regexp.MustCompile("(?m)^\\| `([a-z]+\\.[CEWI][0-9]{3})` \\|")
	settingID = regexp.MustCompile("(?m)^\\| `([A-Z_*]+)` \\| (.*?) \\|")
)

// TestChecksGuideIsComplete compares the ids in checks.md with those in the source.
func TestChecksGuideIsComplete(t *testing.T) {
	t.Parallel()
	inSource, inGuide := map[string]bool{}, map[string]bool{}
	for _, folder := range []string{"admin", "auth", "contrib", "framework", "orm", "templates"} {
		walk(t, filepath.Join("..", folder), func(path string) {
			if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
				for _, line := range rawLines(t, path) {
					if text := strings.TrimSpace(line); strings.HasPrefix(text, "//") {
						continue
					}
					for _, m := range checkIDs.FindAllStringSubmatch(line, -1) {
						inSource[m[1]] = true
					}
				}
			}
		})
	}
	for _, m := range shownIDs.FindAllStringSubmatch(guide(t, "checks.md"), -1) {
		inGuide[m[1]] = true
	}
	compare(t, "checks.md", inSource, inGuide)
}

// TestSettingsGuideIsComplete compares names and defaults in settings.md with framework.Settings.
func TestSettingsGuideIsComplete(t *testing.T) {
	t.Parallel()
	inSource, inGuide := map[string]bool{}, map[string]bool{}
	for field := range reflect.TypeFor[framework.Settings]().Fields() {
		if name := field.Tag.Get("env"); name != "-" {
			inSource[name+" "+field.Tag.Get("envDefault")] = true
		}
	}
	for _, m := range settingID.FindAllStringSubmatch(guide(t, "settings.md"), -1) {
		value := strings.Trim(m[2], "`")
		if !strings.HasPrefix(m[2], "`") {
			value = "" // words, for a default that is worked out
		}
		inGuide[m[1]+" "+value] = true
	}
	compare(t, "settings.md", inSource, inGuide)
}

// TestCommandsGuideIsComplete requires the table of each command's flags in commands.md to match the command;
// go test ./docs -update writes it.
func TestCommandsGuideIsComplete(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("serve has fewer flags there: run it on Linux or macOS")
	}
	db := ormtest.Open(t, auth.New[members.User](nil), members.App{})
	project := framework.New(framework.Settings{}, migrate.New(db), auth.New[members.User](db), members.App{DB: db}, admin.New(db, admin.Config{}))
	have := guide(t, "commands.md")
	want := have
	for _, c := range project.Commands() {
		if c.Hidden {
			continue
		}
		begin, end := "<!-- flags of "+c.Name+" -->\n", "<!-- end -->"
		at := strings.Index(want, begin)
		if at < 0 || !strings.Contains(want[:at], "### "+c.Name) {
			t.Errorf("commands.md has no heading %q with the line %q below it", "### "+c.Name, strings.TrimSpace(begin))
			continue
		}
		at += len(begin)
		length := strings.Index(want[at:], end)
		if length < 0 {
			t.Fatalf("commands.md: %q has no %q", begin, end)
		}
		want = want[:at] + flagTable(c) + want[at+length:]
	}
	if want == have {
		return
	}
	if !*update {
		t.Error("the flags in commands.md are out of date; run go test ./docs -run CommandsGuide -update")
	} else if err := os.WriteFile("commands.md", []byte(want), fs.FileMode(0o644)); err != nil {
		t.Error(err)
	}
}

func flagTable(c command.Command) string {
	set := flag.NewFlagSet(c.Name, flag.ContinueOnError)
	if c.Flags != nil {
		c.Flags(set)
	}
	var out strings.Builder
	set.VisitAll(func(f *flag.Flag) {
		if out.Len() == 0 {
			out.WriteString("| flag | meaning |\n|---|---|\n")
		}
		kind, usage := flag.UnquoteUsage(f)
		name := "--" + f.Name
		if kind != "" {
			name += " " + kind
		}
		if !slices.Contains([]string{"", "0", "0s", "false"}, f.DefValue) && !strings.Contains(usage, "default") {
			usage += " (default: " + f.DefValue + ")"
		}
		fmt.Fprintf(&out, "| `%s` | %s |\n", name, strings.ReplaceAll(usage, "|", `\|`))
	})
	return out.String()
}

func guide(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func compare(t *testing.T, page string, inSource, inGuide map[string]bool) {
	t.Helper()
	if len(inSource) == 0 || len(inGuide) == 0 {
		t.Fatalf("%d in the source, %d in %s: the test looks in the wrong place", len(inSource), len(inGuide), page)
	}
	for _, name := range slices.Sorted(maps.Keys(inSource)) {
		if !inGuide[name] {
			t.Errorf("%s lacks %s", page, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(inGuide)) {
		if !inSource[name] {
			t.Errorf("%s describes %s, which the source does not know", page, name)
		}
	}
}
