package requests

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/quintetgo/quintet/framework/server/response"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
)

// RepeatedHeader is the response header in which [Repeated] names the place that ran a statement most often.
const RepeatedHeader = "Quintet-Repeated-Query"

// maxRepeats is how often a request may run the same statement before it is reported.
const maxRepeats = 4

// Repeated returns middleware for development that finds statements which a request runs again and again, once for each
// row of a list. Those that run more than four times with the context of the request, and differ in their values only,
// are logged as warnings with the line of code that ran them. The most frequent one is also in the header
// Quintet-Repeated-Query of responses that have not been sent yet. A project in debug mode has it by default. It looks at
// the call stack for each statement, so it is not for production.
func Repeated() web.Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			seen := &shapes{counts: map[shape]int{}}
			rw := response.Wrap(w)
			rw.Before(func() {
				if repeated := seen.repeated(); len(repeated) > 0 {
					rw.Header().Set(RepeatedHeader, fmt.Sprintf("%d times at %s", repeated[0].times, repeated[0].origin))
				}
			})
			next.ServeHTTP(rw, r.WithContext(orm.WithObserver(r.Context(), seen.add)))
			for _, s := range seen.repeated() {
				web.Logger(r).WarnContext(r.Context(), "a request runs the same statement again and again; load the relation with the list",
					slog.Int("times", s.times), slog.String("origin", s.origin), slog.String("sql", s.sql), slog.String("path", r.URL.Path))
			}
		})
	}
}

// shape is a statement without its values, and the line of code that runs it.
type shape struct{ sql, origin string }

type shapes struct {
	mu     sync.Mutex
	counts map[shape]int
}

func (s *shapes) add(statement orm.Statement) {
	origin := caller()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts[shape{statement.SQL, origin}]++
}

// count is a shape with how often it ran.
type count struct {
	shape
	times int
}

// repeated returns the shapes that ran too often, the most frequent first.
func (s *shapes) repeated() []count {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []count
	for shape, times := range s.counts {
		if times > maxRepeats {
			list = append(list, count{shape, times})
		}
	}
	slices.SortFunc(list, func(a, b count) int {
		return cmp.Or(cmp.Compare(b.times, a.times), strings.Compare(a.origin, b.origin), strings.Compare(a.sql, b.sql))
	})
	return list
}

// ours is the beginning of the names of functions that are not the origin of a statement.
var ours = []string{ //nolint:gochecknoglobals // constant
	"github.com/quintetgo/quintet/orm", "github.com/quintetgo/quintet/templates", "github.com/quintetgo/quintet/framework",
	"database/sql", "net/http", "reflect.", "runtime.", "iter.", "sync.",
}

// caller returns the innermost line of code on the stack that belongs to the program rather than to the framework, such
// as "blog/views.go:31"; of a statement that a template causes, the line that renders it.
func caller() string {
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for {
		frame, more := frames.Next()
		isOurs := slices.ContainsFunc(ours, func(beginning string) bool { return strings.HasPrefix(frame.Function, beginning) })
		if frame.File != "" && (!isOurs || strings.HasSuffix(frame.File, "_test.go")) {
			return fmt.Sprintf("%s/%s:%d", filepath.Base(filepath.Dir(frame.File)), filepath.Base(frame.File), frame.Line)
		}
		if !more {
			return "an unknown place"
		}
	}
}
