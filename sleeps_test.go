package quintet_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// waits lists how often a test file sleeps for a fixed time, and why that cannot make it fail on a slow
// machine. Everything else waits for what happens: polling until a deadline of minutes, channels, or the
// time of testing/synctest.
var waits = map[string]struct {
	times int
	why   string
}{
	"docs/examples/meters/serve_test.go":            {1, "time between reloads under load; an example for readers"},
	"framework/serve/attackmemory_test.go":          {1, "clients that are held while memory is measured"},
	"framework/server/certificates_test.go":         {1, "time in which the watcher finds half of a pair"},
	"framework/server/fastcgi/fastcgi_test.go":      {2, "a handler that takes time; a pause between two steps of a stop"},
	"framework/server/fastcgi/faults_test.go":       {5, "clients and handlers that rest longer than a limit; pauses in an upload"},
	"framework/server/health/health_test.go":        {1, "a check that hangs, run by synctest"},
	"framework/server/limit/conn_test.go":           {2, "chances for a read to be under way; either order passes"},
	"framework/server/limit/deadline_test.go":       {2, "handlers that take longer than a limit"},
	"framework/server/limit/gate_test.go":           {1, "a chance for either order"},
	"framework/server/limit/send_test.go":           {1, "a client that is slow, within its limit by a factor of 40"},
	"framework/server/master/process_linux_test.go": {3, "a machine that sleeps"},
	"framework/server/master/program_test.go":       {3, "workers that start slowly or never, and a poll"},
	"framework/server/master/worker_test.go":        {1, "longer than a worker may be silent, which must not matter"},
	"framework/server/metrics/metrics_test.go":      {1, "a slow handler, run by synctest"},
	"framework/server/servertest/drain_test.go":     {1, "time between generations of a server under load"},
	"framework/server/servertest/example_test.go":   {1, "a handler that takes time"},
	"framework/server/servertest/load_test.go":      {1, "a handler that takes time"},
	"framework/server/strict/conn_test.go":          {2, "a handler that takes time; a pause of a client"},
	"orm/atomic_test.go":                            {1, "a chance for database/sql to roll back first; either order passes"},
	"orm/migrate/executor/runner_test.go":           {1, "a migration that takes time"},
}

// TestNoTestDependsOnWallTime keeps sleeps and upper bounds of elapsed time out of tests: both fail on a
// machine that is busy. Inside of synctest.Test time is exact, and in a loop with a deadline a sleep only
// sets how often it looks.
func TestNoTestDependsOnWallTime(t *testing.T) {
	t.Parallel()
	found := map[string][]string{}
	goFiles(t, func(path string) {
		if !strings.HasSuffix(path, "_test.go") {
			return
		}
		list, err := wallTime(path)
		if err != nil {
			t.Error(err)
		}
		if len(list) > 0 {
			found[path] = list
		}
	})
	for path, list := range found {
		if len(list) > waits[path].times {
			t.Errorf("%s depends on wall time:\n\t%s\nPoll until a deadline of minutes, use channels or testing/synctest; or list it in sleeps_test.go with the reason",
				path, strings.Join(list, "\n\t"))
		}
	}
	for path, known := range waits {
		if len(found[path]) < known.times || known.why == "" {
			t.Errorf("%s is listed with %d waits and the reason %q, but has %d: correct the list in sleeps_test.go", path, known.times, known.why, len(found[path]))
		}
	}
}

// wallTime returns the places in a test file that depend on wall time.
func wallTime(path string) (list []string, err error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var above []ast.Node
	ast.Inspect(file, func(node ast.Node) bool {
		if node == nil {
			above = above[:len(above)-1]
			return true
		}
		above = append(above, node)
		what := ""
		switch n := node.(type) {
		case *ast.CallExpr:
			if calls(n, "time", "Sleep") && !slices.ContainsFunc(above, polls) {
				what = "time.Sleep"
			}
		case *ast.BinaryExpr:
			if call, ok := n.X.(*ast.CallExpr); ok && calls(call, "time", "Since") && (n.Op == token.GTR || n.Op == token.GEQ) && !generous(n.Y) {
				what = "time.Since " + n.Op.String()
			}
		}
		if what != "" && !slices.ContainsFunc(above, virtual) {
			list = append(list, fmt.Sprintf("line %d: %s", files.Position(node.Pos()).Line, what))
		}
		return true
	})
	return list, nil
}

// generous reports whether a limit is one of minutes, which is there for what does not end.
func generous(limit ast.Expr) (found bool) {
	ast.Inspect(limit, func(node ast.Node) bool {
		name, ok := node.(*ast.Ident)
		found = found || ok && (name.Name == "patience" || name.Name == "Minute" || name.Name == "Hour")
		return true
	})
	return found
}

// virtual reports whether a node is a call of synctest.Test, in whose function time is virtual.
func virtual(node ast.Node) bool {
	call, ok := node.(*ast.CallExpr)
	return ok && calls(call, "synctest", "Test")
}

// polls reports whether a node is a loop that looks for something until it is there: it has a condition,
// or sleeps after each round.
func polls(node ast.Node) bool {
	loop, ok := node.(*ast.ForStmt)
	return ok && (loop.Cond != nil || loop.Post != nil)
}

// calls reports whether a call is that of a package's function.
func calls(call *ast.CallExpr, name, function string) bool {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != function {
		return false
	}
	from, ok := selector.X.(*ast.Ident)
	return ok && from.Name == name
}
