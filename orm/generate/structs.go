package generate

import (
	"go/ast"
	"reflect"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/orm/schema"
)

// model is the struct of a table, with the fields of its embedded structs.
type model struct {
	name     string
	variable string // of its columns: "Posts"
	source   *source
	fields   []*field
	calls    map[string]map[string]string // Go field → builder method in Fields → its first argument, if that is a string

	defaultRelated string // DefaultRelatedName of its Meta
}

// field is one exported field of a model.
type field struct {
	goName string // with the embedded prefix: "HomeStreet"
	name   string // in lookups: "home_street"
	file   *sourceFile
	typ    ast.Expr // without pointer
	null   bool
	tag    map[string]string // gorm's settings, keys in upper case

	slice  bool
	target *declaration // the struct that a relation may point at
}

// modelOf reads the struct called name in p, or returns nil if there is none.
func (l *loader) modelOf(p *source, name string) *model {
	d := p.types[name]
	if d == nil {
		return nil
	}
	m := &model{name: name, source: p, calls: map[string]map[string]string{}}
	if method := p.methods[name]["Meta"]; method != nil && method.Body != nil {
		m.defaultRelated = metaText(method, "DefaultRelatedName", p.constants)
	}
	l.addStruct(m, d, "", "", map[*declaration]bool{})
	return m
}

// addStruct adds the fields of a struct, then the descriptions in its Fields method. Embedded structs come first, so that the
// outer struct overrides them.
func (l *loader) addStruct(m *model, d *declaration, goPrefix, prefix string, seen map[*declaration]bool) {
	body, ok := d.spec.Type.(*ast.StructType)
	if !ok || seen[d] {
		return
	}
	seen[d] = true
	defer delete(seen, d)
	for _, f := range body.Fields.List {
		tag := gormTag(f.Tag)
		if ignored(tag) {
			continue
		}
		names := fieldNames(f)
		_, marked := tag["EMBEDDED"]
		if f.Names == nil || marked {
			inner := l.resolve(d.file, withoutPointer(f.Type))
			if inner != nil && isStruct(inner) && !l.isValue(inner) {
				p := tag["EMBEDDEDPREFIX"]
				l.addStruct(m, inner, goPrefix+goName(p), prefix+p, seen)
				continue
			}
			if f.Names == nil && inner == nil {
				continue // a package that was not found
			}
		}
		for _, name := range names {
			if ast.IsExported(name) {
				m.add(l.fieldOf(d.file, f.Type, goPrefix+name, prefix+schema.SnakeName(name), tag))
			}
		}
	}
	if method := d.file.source.methods[d.spec.Name.Name]["Fields"]; method != nil && method.Body != nil {
		readBuilder(m, goPrefix, method, d.file.source.constants)
	}
}

// add appends a field, which hides a field of an embedded struct with the same name, as in Go.
func (m *model) add(f *field) {
	for i, old := range m.fields {
		if old.goName == f.goName {
			m.fields[i] = f
			return
		}
	}
	m.fields = append(m.fields, f)
}

func (m *model) field(goName string) *field {
	for _, f := range m.fields {
		if f.goName == goName {
			return f
		}
	}
	return nil
}

func (l *loader) fieldOf(file *sourceFile, e ast.Expr, goName, name string, tag map[string]string) *field {
	f := &field{goName: goName, name: name, file: file, tag: tag}
	e = ast.Unparen(e)
	if star, ok := e.(*ast.StarExpr); ok {
		f.null, e = true, star.X
	}
	f.typ = e
	element := e
	if list, ok := e.(*ast.ArrayType); ok && list.Len == nil {
		f.slice = true
		element = withoutPointer(list.Elt)
	}
	if d := l.resolve(file, element); d != nil && isStruct(d) && !l.isValue(d) {
		f.target = d
	}
	return f
}

// isValue reports whether a struct is stored in one column, as it has a Value method.
func (l *loader) isValue(d *declaration) bool {
	return d.file.source.methods[d.spec.Name.Name]["Value"] != nil
}

// ignored reports whether the field has no column.
func ignored(tag map[string]string) bool {
	value, ok := tag["-"]
	return ok && !strings.EqualFold(strings.TrimSpace(value), "migration")
}

// stored reports whether the tag makes a struct a column rather than a relation.
func stored(tag map[string]string) bool {
	_, serializer := tag["SERIALIZER"]
	_, typ := tag["TYPE"]
	return serializer || typ
}

func fieldNames(f *ast.Field) []string {
	if f.Names == nil {
		switch t := withoutPointer(f.Type).(type) {
		case *ast.Ident:
			return []string{t.Name}
		case *ast.SelectorExpr:
			return []string{t.Sel.Name}
		}
	}
	var names []string
	for _, n := range f.Names {
		names = append(names, n.Name)
	}
	return names
}

func withoutPointer(e ast.Expr) ast.Expr {
	if star, ok := ast.Unparen(e).(*ast.StarExpr); ok {
		return star.X
	}
	return ast.Unparen(e)
}

// gormTag reads gorm:"key:value;key" with the keys in upper case; "\;" is a semicolon in a value.
func gormTag(literal *ast.BasicLit) map[string]string {
	settings := map[string]string{}
	if literal == nil {
		return settings
	}
	tag, err := strconv.Unquote(literal.Value)
	if err != nil {
		return settings
	}
	const escaped = "\x00"
	for part := range strings.SplitSeq(strings.ReplaceAll(reflect.StructTag(tag).Get("gorm"), `\;`, escaped), ";") {
		key, value, _ := strings.Cut(part, ":")
		if key = strings.ToUpper(strings.TrimSpace(key)); key != "" {
			settings[key] = strings.ReplaceAll(value, escaped, ";")
		}
	}
	return settings
}

// readBuilder collects the calls in a Fields method: for orm.FK(f, &p.Author).OnDelete(…).Related("posts") it adds
// Author → Related → posts.
func readBuilder(m *model, goPrefix string, method *method, constants map[string]string) {
	ast.Inspect(method.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		calls := map[string]string{}
		for {
			selector, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			inner, chained := ast.Unparen(selector.X).(*ast.CallExpr)
			if !chained {
				if name := pointedField(call); name != "" {
					calls[selector.Sel.Name] = ""
					m.describe(goPrefix+name, calls)
				}
				return true
			}
			argument := ""
			if len(call.Args) > 0 {
				argument, _ = text(call.Args[0], constants)
			}
			if _, again := calls[selector.Sel.Name]; !again { // the outermost call is the last one, and is visited first
				calls[selector.Sel.Name] = argument
			}
			call = inner
		}
	})
}

// metaText returns the text of a field in the literal that a Meta method returns, or "".
func metaText(meta *method, field string, constants map[string]string) (value string) {
	ast.Inspect(meta.Body, func(n ast.Node) bool {
		if pair, ok := n.(*ast.KeyValueExpr); ok {
			if key, ok := pair.Key.(*ast.Ident); ok && key.Name == field {
				value, _ = text(pair.Value, constants)
			}
		}
		return true
	})
	return value
}

func (m *model) describe(goName string, calls map[string]string) {
	if m.calls[goName] == nil {
		m.calls[goName] = map[string]string{}
	}
	for method, argument := range calls {
		if old := m.calls[goName][method]; argument != "" || old == "" {
			m.calls[goName][method] = argument
		}
	}
}

// pointedField returns Title of a call f(x, &p.Title).
func pointedField(call *ast.CallExpr) string {
	for _, argument := range call.Args {
		if address, ok := argument.(*ast.UnaryExpr); ok {
			if selector, ok := ast.Unparen(address.X).(*ast.SelectorExpr); ok {
				return selector.Sel.Name
			}
		}
	}
	return ""
}

// goName turns a column prefix such as "home_" into the start of a Go name, "Home".
func goName(snake string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(snake, "_") {
		if word == "" {
			continue
		}
		if upper := strings.ToUpper(word); initialisms[upper] {
			b.WriteString(upper)
			continue
		}
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

var initialisms = map[string]bool{
	"ID": true, "URL": true, "IP": true, "API": true, "HTML": true, "UUID": true, "JSON": true, "CSS": true,
	"HTTP": true,
}
