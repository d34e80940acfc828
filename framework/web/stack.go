package web

import (
	"bufio"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
)

// Frame is one call of a stack trace.
type Frame struct {
	Function string
	File     string
	Line     int
	// User is true for code of the project, false for the standard library, dependencies and the framework.
	User bool
}

// panicTrace returns the calls that led to a panic, the innermost first, without those of the recovery itself.
func panicTrace() []Frame {
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	var list []Frame
	for {
		frame, more := frames.Next()
		switch {
		case frame.Function == "runtime.gopanic": // all above belongs to the recovery
			list = list[:0]
		case strings.HasPrefix(frame.Function, "runtime.") && len(list) == 0: // sigpanic, panicmem, goPanicIndex, …
		case frame.Function != "":
			list = append(list, Frame{frame.Function, frame.File, frame.Line, isUser(frame.Function, frame.File)})
		}
		if !more {
			return list
		}
	}
}

const module = "github.com/quintetgo/quintet"

// mainModule is the path of the module that the program was built from.
var mainModule = sync.OnceValue(func() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Path
	}
	return ""
})

// isUser tells the project's code from everything that it uses.
func isUser(function, file string) bool {
	if inModule(function, module) {
		return strings.HasPrefix(function, module+"/docs/") || strings.HasSuffix(file, "_test.go")
	}
	return strings.HasPrefix(function, "main.") || inModule(function, mainModule())
}

func inModule(function, path string) bool {
	rest, ok := strings.CutPrefix(function, path)
	return ok && path != "" && rest != "" && (rest[0] == '/' || rest[0] == '.' || rest[0] == '_')
}

// SourceLine is a line of an excerpt.
type SourceLine struct {
	Number int
	Text   string
	Marked bool
}

// excerpt reads the lines around one, or nothing if the source is not at hand.
func excerpt(file string, line int) []SourceLine {
	f, err := os.Open(file)
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }()
	var list []SourceLine
	scanner := bufio.NewScanner(f)
	for n := 1; scanner.Scan() && n <= line+excerptLines; n++ {
		if n >= line-excerptLines {
			list = append(list, SourceLine{n, strings.ReplaceAll(scanner.Text(), "\t", "    "), n == line})
		}
	}
	return list
}

const excerptLines = 5
