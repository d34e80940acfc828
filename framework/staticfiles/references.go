package staticfiles

import (
	"crypto/sha256"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// reference is one place in a file that names another file of the set.
type reference struct {
	start, end int    // of the name in the content
	target     string // path of the other file
	suffix     string // "?query#fragment" as written
}

// graph maps a path to what the file refers to; files without references may be absent.
type graph map[string][]reference

// What counts as a reference. Go's regular expressions take linear time, whatever the input.
var (
	cssReference = regexp.MustCompile(`(?:url\(\s*|@import\s+)(?:"([^"\n]+)"|'([^'\n]+)'|([^"'()\s]+))`)
	cssComment   = regexp.MustCompile(`(?s)/\*.*?\*/`)
	// Only imports that begin with ./ or ../ are ours to resolve.
	jsReference = regexp.MustCompile(`(?m)(?:^\s*(?:import|export)\b[^"'\n;]*?|\bimport\(\s*|^\s*\}\s*from\s*)["'](\.{1,2}/[^"'\n]+)["']`)
)

// references finds what every style sheet and script refers to, and reports what does not exist.
func (f *Files) references(raw map[string][]byte, problems *[]error) graph {
	out := graph{}
	for _, name := range f.Paths() {
		for _, span := range spans(name, raw[name]) {
			text := string(raw[name][span[0]:span[1]])
			target, suffix := resolve(name, text)
			if target == "" {
				continue
			}
			if f.byPath[target] == nil {
				line := 1 + strings.Count(string(raw[name][:span[0]]), "\n")
				*problems = append(*problems, fmt.Errorf("%s: static/%s:%d refers to %q, and there is no static file %q",
					f.byPath[name].source, name, line, text, target))
				continue
			}
			out[name] = append(out[name], reference{start: span[0], end: span[1], target: target, suffix: suffix})
		}
	}
	return out
}

// spans returns where names of other files stand in a style sheet or script.
func spans(name string, content []byte) [][2]int {
	var pattern *regexp.Regexp
	switch path.Ext(name) {
	case ".css":
		pattern = cssReference
		content = cssComment.ReplaceAllFunc(content, func(comment []byte) []byte {
			return []byte(strings.Repeat(" ", len(comment)))
		})
	case ".js", ".mjs":
		pattern = jsReference
	default:
		return nil
	}
	var out [][2]int
	for _, match := range pattern.FindAllSubmatchIndex(content, -1) {
		for i := 2; i+1 < len(match); i += 2 {
			if match[i] >= 0 {
				out = append(out, [2]int{match[i], match[i+1]})
				break
			}
		}
	}
	return out
}

// resolve turns a reference as written into the path of a file. Absolute addresses, data URLs and
// bare fragments are not ours and give "".
func resolve(from, text string) (target, suffix string) {
	if i := strings.IndexAny(text, "?#"); i >= 0 {
		text, suffix = text[:i], text[i:]
	}
	if text == "" || strings.HasPrefix(text, "/") || strings.Contains(text, ":") {
		return "", ""
	}
	return path.Join(path.Dir(from), text), suffix
}

// rewrite returns content with every reference replaced by the relative hashed name.
func (f *Files) rewrite(name string, content []byte, refs []reference) []byte {
	out := make([]byte, 0, len(content)+16*len(refs))
	last := 0
	for _, ref := range refs {
		out = append(out, content[last:ref.start]...)
		out = append(out, relative(name, f.byPath[ref.target].hashed)...)
		out = append(out, ref.suffix...)
		last = ref.end
	}
	return append(out, content[last:]...)
}

// relative returns the address of one file as seen from another; it always begins with a dot, as
// module imports need.
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

// digest hashes a file together with all that it refers to, directly or not, so that its name
// changes when any of them does. Circles, which modules may have, are no problem to it.
func (g graph) digest(name string, raw map[string][]byte) [sha256.Size]byte {
	all := []string{name}
	for i := 0; i < len(all); i++ {
		for _, ref := range g[all[i]] {
			if !slices.Contains(all, ref.target) {
				all = append(all, ref.target)
			}
		}
	}
	if len(all) == 1 {
		return sha256.Sum256(raw[name])
	}
	slices.Sort(all[1:])
	sum := sha256.New()
	for _, part := range all {
		fmt.Fprintf(sum, "%s %d\n", part, len(raw[part]))
		sum.Write(raw[part])
	}
	return [sha256.Size]byte(sum.Sum(nil))
}
