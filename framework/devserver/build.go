package devserver

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// failure describes why a project cannot be shown: it does not compile, or its process ended.
type failure struct {
	Title    string
	Problems []problem
	Output   string // the complete output of the compiler or the process
	compiler bool   // the output was not printed on the terminal yet
}

// problem is one message of the compiler with its place in the source.
type problem struct {
	File         string
	Line, Column int
	Message      string
	Excerpt      []sourceLine
}

type sourceLine struct {
	Number int
	Text   string
	Marked bool
}

// build compiles the project into binary with the flags of BuildFlags. It returns a failure if the project does not compile,
// and an error if ctx ended.
func build(ctx context.Context, o Options, flags []string, binary string) (*failure, error) {
	cmd := exec.CommandContext(ctx, "go", slices.Concat([]string{"build"}, flags, []string{"-o", binary, o.Package})...)
	cmd.Dir, cmd.Env = o.Dir, append(os.Environ(), o.Env...)
	ownGroup(cmd)
	cmd.Cancel = func() error { kill(cmd); return nil }
	cmd.WaitDelay = time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err == nil:
		return nil, nil
	}
	text := strings.TrimSpace(out.String())
	if text == "" {
		text = err.Error() // for example because there is no go command
	}
	return &failure{Title: "The project does not compile", Problems: problems(o.Dir, text), Output: text, compiler: true}, nil
}

var place = regexp.MustCompile(`^([^:]+\.(?:go|mod|work)):(\d+)(?::(\d+))?:\s*(.*)$`)

// maxProblems is how many messages get an excerpt; the complete output is shown below them.
const maxProblems = 20

// problems finds messages with a place in the output of the go command. Indented lines after a message belong to it.
func problems(dir, output string) []problem {
	var list []problem
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, "\r\n")
		if strings.HasPrefix(line, "\t") && len(list) > 0 {
			list[len(list)-1].Message += "\n" + strings.TrimSpace(line)
			continue
		}
		m := place.FindStringSubmatch(line)
		if m == nil || len(list) == maxProblems {
			continue
		}
		p := problem{File: filepath.ToSlash(strings.TrimPrefix(m[1], "./")), Message: m[4]}
		p.Line, _ = strconv.Atoi(m[2])
		p.Column, _ = strconv.Atoi(m[3])
		p.Excerpt = excerpt(dir, p.File, p.Line)
		list = append(list, p)
	}
	return list
}

// excerpt returns the lines around one in a file of the project, or nil. Files outside the project are not read.
func excerpt(dir, file string, line int) []sourceLine {
	if rel, err := filepath.Rel(dir, file); filepath.IsAbs(file) && err == nil {
		file = rel
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil
	}
	defer root.Close()
	text, err := root.ReadFile(file)
	if err != nil || len(text) > 1<<20 {
		return nil
	}
	lines := strings.Split(string(text), "\n")
	var list []sourceLine
	for n := max(1, line-3); n <= min(len(lines), line+3); n++ {
		list = append(list, sourceLine{n, strings.TrimRight(lines[n-1], "\r"), n == line})
	}
	return list
}
