package staticfiles

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
)

// reference is one place in a file that names another file of the set.
type reference struct {
	span
	target string // path of the other file
	before string // what is written before the path of the file: "" for a relative address
	suffix string // "?query#fragment"
}

// graph maps a path to what the file refers to; files without references may be absent.
type graph map[string][]reference

// references finds what every style sheet and script refers to. What does not exist is reported, and left as it is.
func (f *Files) references(raw map[string][]byte) graph {
	out := graph{}
	paths := f.Paths()
	for _, name := range paths {
		r := reporter{files: f, paths: paths, name: name, content: raw[name], seen: map[string]bool{}}
		for _, s := range spans(name, raw[name]) {
			ref, ours := f.resolve(name, s)
			switch {
			case !ours:
			case f.byPath[ref.target] == nil:
				r.missing(ref)
			default:
				out[name] = append(out[name], ref)
			}
		}
		r.rest()
	}
	return out
}

// spans returns where names of other files are in a style sheet or script.
func spans(name string, content []byte) []span {
	switch strings.ToLower(path.Ext(name)) {
	case ".css":
		return stylesheetSpans(content)
	case ".js", ".mjs":
		return slices.DeleteFunc(scriptSpans(content), func(s span) bool { return !s.sourceMap && bare(s.text) })
	}
	return nil
}

// bare reports whether an import names a package, as "lodash/fp" does, and not an address.
func bare(specifier string) bool {
	return !strings.HasPrefix(specifier, "/") && !strings.HasPrefix(specifier, "./") && !strings.HasPrefix(specifier, "../") &&
		!hasScheme(specifier)
}

// resolve finds the file that an address in another file leads to, as a browser would. It reports false for an address that is
// not below the prefix of the static files, such as another site's, a data URL, or a bare fragment.
func (f *Files) resolve(from string, s span) (reference, bool) {
	address := strings.TrimSpace(s.text)
	ref := reference{span: s}
	if i := strings.IndexAny(address, "?#"); i >= 0 {
		address, ref.suffix = address[:i], safeSuffix(address[i:])
	}
	relative := false
	switch {
	case address == "", strings.HasSuffix(address, "/"):
		return ref, false
	case strings.HasPrefix(address, f.prefix):
		ref.before, address = f.prefix, f.mount+address[len(f.prefix):]
	case hasScheme(address) || strings.HasPrefix(address, "//"):
		return ref, false
	case strings.HasPrefix(address, "/"):
		ref.before = f.mount
	default:
		relative = true
	}
	address = unescapePath(address)
	if relative {
		address = f.path + path.Dir(from) + "/" + address
	}
	var ours bool
	ref.target, ours = strings.CutPrefix(path.Clean(address), f.path)
	return ref, ours
}

// hasScheme reports whether an address begins with a scheme, as "data:" or "https:".
func hasScheme(address string) bool {
	for i, c := range address {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if c == ':' {
			return i > 0
		}
		if !letter && (i == 0 || !strings.ContainsRune("0123456789+-.", c)) {
			return false
		}
	}
	return false
}

// unescapePath decodes %20 and the like. A percent sign that encodes nothing stays: that is what browsers ask for.
func unescapePath(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			b.WriteByte(unhex(s[i+1])<<4 | unhex(s[i+2]))
			i += 2
		} else {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c&^0x20 - 'A' + 10
}

// safeSuffix escapes what could end the text or url(…) that the suffix is in.
func safeSuffix(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c == 0x7f || strings.IndexByte("\"'`()\\<>{}", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// rewrite returns content with every reference replaced by the hashed name, relative or not as it was.
func (f *Files) rewrite(name string, content []byte, refs []reference) []byte {
	out := make([]byte, 0, len(content)+16*len(refs))
	last := 0
	for _, ref := range refs {
		out = append(out, content[last:ref.start]...)
		hashed := f.byPath[ref.target].hashed
		if ref.before != "" {
			out = append(out, ref.before+escape(hashed)...)
		} else {
			out = append(out, escape(relative(name, hashed))...)
		}
		out = append(out, ref.suffix...)
		last = ref.end
	}
	return append(out, content[last:]...)
}

// relative returns the path of one file as seen from another; it always begins with a dot, as module imports need.
func relative(from, to string) string {
	dir := path.Dir(from)
	up := ""
	for dir != "." && !strings.HasPrefix(to, dir+"/") {
		up += "../"
		dir = path.Dir(dir)
	}
	if dir != "." {
		to = strings.TrimPrefix(to, dir+"/")
	}
	if up == "" {
		up = "./"
	}
	return up + to
}

// mostMissing is how many missing files are reported one by one for each file that refers to them, and mostHints how many of all
// are compared with the files that exist: with thousands of both that would take its time.
const (
	mostMissing = 10
	mostHints   = 50
)

// reporter reports the missing files that one file refers to, each once, with its line.
type reporter struct {
	files   *Files
	paths   []string // of all files
	name    string
	content []byte
	seen    map[string]bool
	counted int // bytes whose lines are counted
	lines   int
}

func (r *reporter) missing(ref reference) {
	if r.seen[ref.target] {
		return
	}
	r.seen[ref.target] = true
	if len(r.seen) > mostMissing {
		return
	}
	r.lines += bytes.Count(r.content[r.counted:ref.start], []byte("\n"))
	r.counted = ref.start
	hint := ""
	if len(r.files.problems) < mostHints {
		hint = check.DidYouMean(ref.target, r.paths)
	}
	problem := check.Problem{
		ID: "staticfiles.W001", Level: check.Warning,
		Place:   fmt.Sprintf("%s: static/%s:%d", r.files.byPath[r.name].source, r.name, r.lines+1),
		Message: fmt.Sprintf("the address %q leads to no static file: there is no %q%s", ref.text, ref.target, hint),
		Hint:    "The address is left as it is. Add the file or correct the address.",
	}
	if ref.sourceMap {
		problem.ID, problem.Level = "staticfiles.I001", check.Info
		problem.Hint = "Only developer tools look for source maps. Add the file, or remove the comment."
	}
	r.files.problems = append(r.files.problems, problem)
}

// rest reports how many files were not reported one by one.
func (r *reporter) rest() {
	if n := len(r.seen) - mostMissing; n > 0 {
		r.files.problems = append(r.files.problems, check.Problem{
			ID: "staticfiles.W001", Level: check.Warning, Place: fmt.Sprintf("%s: static/%s", r.files.byPath[r.name].source, r.name),
			Message: fmt.Sprintf("the file refers to %d more files that do not exist", n),
		})
	}
}

// digests hashes every file together with all that it refers to, directly or not, so that its name changes when any of them
// does. Files that refer to each other in a circle, as modules may, are hashed as one.
func (g graph) digests(names []string, raw map[string][]byte) map[string][sha256.Size]byte {
	d := digester{graph: g, raw: raw, digests: map[string][sha256.Size]byte{}, order: map[string]int{}, low: map[string]int{}}
	for _, name := range names {
		d.visit(name)
	}
	return d.digests
}

// digester finds the circles by Tarjan's algorithm. A file that was visited but has no digest yet is on the stack.
type digester struct {
	graph      graph
	raw        map[string][]byte
	digests    map[string][sha256.Size]byte
	order, low map[string]int
	stack      []string
}

func (d *digester) visit(name string) {
	if d.order[name] > 0 {
		return
	}
	n := len(d.order) + 1
	d.order[name], d.low[name] = n, n
	d.stack = append(d.stack, name)
	for _, ref := range d.graph[name] {
		d.visit(ref.target)
		if _, done := d.digests[ref.target]; !done {
			d.low[name] = min(d.low[name], d.low[ref.target])
		}
	}
	if d.low[name] == n {
		at := len(d.stack) - 1
		for d.stack[at] != name {
			at--
		}
		d.hash(slices.Sorted(slices.Values(d.stack[at:])))
		d.stack = d.stack[:at]
	}
}

// hash makes the digest of the files of a circle, or of a single file.
func (d *digester) hash(circle []string) {
	if len(circle) == 1 && len(d.graph[circle[0]]) == 0 {
		d.digests[circle[0]] = sha256.Sum256(d.raw[circle[0]])
		return
	}
	sum := sha256.New()
	for _, name := range circle {
		fmt.Fprintf(sum, "%s %d\n", name, len(d.raw[name]))
		sum.Write(d.raw[name])
		for _, ref := range d.graph[name] {
			if other, done := d.digests[ref.target]; done {
				fmt.Fprintf(sum, "%s %x\n", ref.target, other)
			}
		}
	}
	digest := [sha256.Size]byte(sum.Sum(nil))
	for _, name := range circle {
		d.digests[name] = digest
	}
}
