package generate

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"maps"
	"slices"
	"strconv"
	"strings"
)

const columnsPath = "github.com/quintetgo/quintet/orm/columns"

// file is one models_gen.go being written.
type file struct {
	source  *source
	imports map[string]string // path → name
	body    bytes.Buffer
}

// use adds an import and returns its name in the file.
func (o *file) use(importPath, name string) string {
	if have, ok := o.imports[importPath]; ok {
		return have
	}
	taken := slices.Collect(maps.Values(o.imports))
	chosen := name
	for n := 2; slices.Contains(taken, chosen) || o.source.types[chosen] != nil; n++ {
		chosen = name + strconv.Itoa(n)
	}
	o.imports[importPath] = chosen
	return chosen
}

// qualified returns the name of a declaration of package p in the file.
func (o *file) qualified(p *source, name string) (string, bool) {
	if p == o.source {
		return name, true
	}
	return o.use(p.path, p.name) + "." + name, ast.IsExported(name) && p.path != ""
}

func (o *file) printf(text string, values ...any) { fmt.Fprintf(&o.body, text, values...) }

// render writes the file of package p, whose models have the given names.
func (l *loader) render(p *source, names []string) ([]byte, error) {
	o := &file{source: p, imports: map[string]string{}}
	o.use(columnsPath, "columns")
	var models []*model
	for _, name := range names {
		if m := l.modelOf(p, name); m != nil {
			models = append(models, m)
		}
	}
	if err := l.nameVariables(p, models); err != nil {
		return nil, err
	}
	columns := map[*model][]column{}
	forward := map[*model][]relation{}
	for _, m := range models {
		columns[m], forward[m] = l.split(o, m)
	}
	local := map[string][]reverse{} // reverse relations of the models of this package, by the names of the models
	var others []reverse
	for _, w := range l.reverses(models, forward) {
		switch {
		case !l.hasColumns(w.target):
		case w.target.file.source == p:
			local[w.target.spec.Name.Name] = append(local[w.target.spec.Name.Name], w)
		default:
			others = append(others, w)
		}
	}
	slices.SortFunc(models, func(a, b *model) int { return strings.Compare(a.name, b.name) })
	for _, m := range models {
		l.renderModel(o, m, columns[m], forward[m], local[m.name])
	}
	l.renderFunctions(o, others)
	return o.finish(l.module)
}

func (l *loader) renderModel(o *file, m *model, columns []column, forward []relation, back []reverse) {
	cols, at := m.name+"Cols", m.name+"At"
	o.printf("\n// %s are the columns for queries on %s: orm.From(db, %s).\n", m.variable, m.name, m.variable)
	o.printf("var %s = %s(columns.RelOf((*%s)(nil)))\n", m.variable, at, m.name)
	o.printf("\n// %s are the columns of %s.\n", cols, m.name)
	o.printf("type %s struct {\n\tcolumns.Rel\n", cols)
	taken := map[string]bool{"Rel": true, "ColumnsOf": true}
	for i, c := range columns {
		for taken[c.goName] {
			c.goName += "_"
		}
		taken[c.goName] = true
		columns[i] = c
		o.printf("\t%s columns.%s%s\n", c.goName, c.kind, bracketed(c.value))
	}
	o.printf("}\n\n// %s returns the columns of %s at the end of a path of relations.\n", at, m.name)
	o.printf("func %s(r columns.Rel) %s {\n\treturn %s{\n\t\tRel: r,\n", at, cols, cols)
	for _, c := range columns {
		o.printf("\t\t%s: columns.%sAt%s(r, %q),\n", c.goName, c.kind, bracketed(c.value), c.name)
	}
	o.printf("\t}\n}\n")
	o.printf("\n// ColumnsOf returns nil. Its type is that of the rows, for orm.From.\n")
	o.printf("func (%s) ColumnsOf() *%s { return nil }\n", cols, m.name)
	for _, r := range forward {
		if !taken[r.goName] {
			taken[r.goName] = true
			l.renderMethod(o, cols, r, fmt.Sprintf("follows %s.%s", m.name, r.goName))
		}
	}
	for _, w := range back {
		if method := goName(w.name); !taken[method] {
			taken[method] = true
			r := relation{goName: method, name: w.name, target: o.source.types[w.from.name]}
			l.renderMethod(o, cols, r, fmt.Sprintf("follows the reverse of %s.%s", w.from.name, w.goName))
		}
	}
}

func (l *loader) renderMethod(o *file, cols string, r relation, does string) {
	to, at := "columns.Rel", ""
	if r.target != nil && l.hasColumns(r.target) {
		name := r.target.spec.Name.Name
		if colsName, ok := o.qualified(r.target.file.source, name+"Cols"); ok {
			to = colsName
			at, _ = o.qualified(r.target.file.source, name+"At")
		}
	}
	path := fmt.Sprintf("columns.Follow(c.Rel, %q)", r.name)
	if at != "" {
		path = at + "(" + path + ")"
	}
	o.printf("\n// %s %s.\n", r.goName, does)
	o.printf("func (c %s) %s() %s { return %s }\n", cols, r.goName, to, path)
}

// renderFunctions writes the reverse relations of models of other packages, which cannot have methods here.
func (l *loader) renderFunctions(o *file, ways []reverse) {
	count := map[string]int{}
	for _, w := range ways {
		count[goName(w.name)]++
	}
	taken := map[string]bool{}
	for _, w := range ways {
		target := w.target.spec.Name.Name
		function := goName(w.name) + "Of"
		if count[goName(w.name)] > 1 {
			function += target
		}
		cols, ok := o.qualified(w.target.file.source, target+"Cols")
		if !ok || taken[function] {
			continue
		}
		taken[function] = true
		from := w.from.name
		o.printf("\n// %s follows the reverse of %s.%s.\n", function, from, w.goName)
		o.printf("func %s(c %s) %sCols { return %sAt(columns.Follow(c.Rel, %q)) }\n", function, cols, from, from, w.name)
	}
}

// hasColumns reports whether the struct's package has columns for it, or gets them in the same run.
func (l *loader) hasColumns(d *declaration) bool {
	name := d.spec.Name.Name
	return slices.Contains(l.models[d.file.source.dir], name) || d.file.source.generated[name+"Cols"]
}

// finish returns the file: the header, the imports that the body uses, the standard library's first, and the body.
func (o *file) finish(m *module) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n\npackage %s\n\nimport (\n", Header, o.source.name)
	for _, standard := range []bool{true, false} {
		for _, importPath := range slices.Sorted(maps.Keys(o.imports)) {
			name := o.imports[importPath]
			if m.isStandard(importPath) != standard || !bytes.Contains(o.body.Bytes(), []byte(name+".")) {
				continue
			}
			if name != guessName(importPath) {
				fmt.Fprintf(&b, "\t%s %q\n", name, importPath)
			} else {
				fmt.Fprintf(&b, "\t%q\n", importPath)
			}
		}
		b.WriteByte('\n')
	}
	b.WriteString(")\n")
	b.Write(o.body.Bytes())
	content, err := format.Source(b.Bytes())
	if err != nil {
		return nil, fmt.Errorf("generate: columns of package %s: %w", o.source.name, err)
	}
	return content, nil
}

func bracketed(value string) string {
	if value == "" {
		return ""
	}
	return "[" + value + "]"
}
