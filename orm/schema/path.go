package schema

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Path is a resolved lookup: the relations to follow, the field at the end, and the comparison.
type Path struct {
	Model      *Model
	Text       string   // as written, "author__name__icontains"
	Steps      []Step   // relations to follow; empty for a field of the model itself
	Field      *Field   // the field compared; for a path that ends on a to-many relation, the target's primary key
	Transforms []string // parts taken out of the value, "year"
	Keys       []string // keys inside a JSON value
	Lookup     string   // "exact" unless the path ends in a lookup
	Search     *Index   // of the lookup "search" at its end; Field is that of the lookup, or the model's primary key
	// Relation reports whether the path ends on a relation ("author", "tags", "comments") rather than on a plain field.
	Relation bool
}

// Step follows a relation forward (from the model that declares it) or in Reverse.
type Step struct {
	Relation *Relation
	Reverse  bool
}

// Name returns the name of the step in paths.
func (s Step) Name() string {
	if s.Reverse {
		return s.Relation.QueryName
	}
	return s.Relation.Field.Name
}

// From returns the model that the step starts at.
func (s Step) From() *Model {
	if s.Reverse {
		return s.Relation.To
	}
	return s.Relation.From
}

// To returns the model that the step leads to.
func (s Step) To() *Model {
	if s.Reverse {
		return s.Relation.From
	}
	return s.Relation.To
}

// ToMany reports whether the step may lead to more than one object.
func (s Step) ToMany() bool {
	if s.Relation.Kind == KindManyToMany {
		return true
	}
	return s.Reverse && s.Relation.Kind == KindForeignKey
}

// ToMany reports whether a step of the path may lead to more than one object.
func (p *Path) ToMany() bool { return slices.ContainsFunc(p.Steps, Step.ToMany) }

// Kind returns the kind of the compared value, after transforms and keys.
func (p *Path) Kind() Kind {
	if n := len(p.Transforms); n > 0 {
		return Transformed(p.Transforms[n-1])
	}
	return p.Field.ColumnKind()
}

// Resolve resolves a lookup: relations, field, transforms and comparison, joined by "__". The error is a
// [*LookupError] with the unknown part and the most similar choices.
func (m *Model) Resolve(path string) (*Path, error) {
	p, err := m.resolve(path)
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (m *Model) resolve(path string) (*Path, error) {
	p := &Path{Model: m, Text: path, Lookup: Exact}
	parts := strings.Split(path, "__")
	at := m
	for i, part := range parts {
		f, rev := at.Lookup(part), at.ReverseBy(part)
		switch {
		case f == nil && rev == nil && part == Search && i == len(parts)-1:
			return p, p.search(at, nil)
		case f == nil && rev == nil:
			if i > 0 && p.Relation && (isLookup(part) && i == len(parts)-1) { // "tags__in", "comments__isnull"
				return p, p.finish(parts[i:])
			}
			return nil, noField(m, path, at, part)
		case f == nil:
			if rev.Remote {
				return nil, remote(m, path, part, rev.From)
			}
			p.Steps, p.Field, p.Relation = append(p.Steps, Step{rev, true}), rev.From.PK, true
			at = rev.From
		case f.Kind == KindManyToMany:
			if f.Relation.To == nil {
				return nil, unlinked(m, path, f)
			}
			if f.Relation.Remote {
				return nil, remote(m, path, part, f.Relation.To)
			}
			p.Steps, p.Field, p.Relation = append(p.Steps, Step{f.Relation, false}), f.Relation.To.PK, true
			at = f.Relation.To
		case f.Relation != nil:
			p.Field, p.Relation = f, true
			if i == len(parts)-1 || part == f.Attr && part != f.Name {
				p.Relation = part == f.Name
				return p, p.finish(parts[i+1:])
			}
			if f.Relation.To == nil {
				return nil, unlinked(m, path, f)
			}
			next := f.Relation.To.Lookup(parts[i+1])
			if next != nil && next == f.Relation.ToField && next.Relation == nil { // author__id is author_id
				p.Relation = false
				return p, p.finish(parts[i+2:])
			}
			if next == nil && f.Relation.To.ReverseBy(parts[i+1]) == nil && isLookup(parts[i+1]) && parts[i+1] != Search {
				return p, p.finish(parts[i+1:])
			}
			if f.Relation.Remote {
				return nil, remote(m, path, part, f.Relation.To)
			}
			p.Steps = append(p.Steps, Step{f.Relation, false})
			at = f.Relation.To
		default:
			p.Field, p.Relation = f, false
			return p, p.finish(parts[i+1:])
		}
	}
	return p, nil
}

// CheckLocal returns an error if the path leads to another database, which a statement cannot read.
func (p *Path) CheckLocal() error {
	for _, step := range p.Steps {
		if step.Relation.Remote {
			return remote(p.Model, p.Text, step.Name(), step.To())
		}
	}
	return nil
}

// remote is the error of a path that leads to another database.
func remote(m *Model, path, part string, to *Model) error {
	return &LookupError{
		Model: m, Path: path, Part: part,
		Problem: fmt.Sprintf("%s is in another database, which one statement cannot read; load its objects with Prefetch, or read "+
			"their keys first and filter by those", to),
	}
}

// finish reads the parts after the field: JSON keys, transforms and at most one lookup.
func (p *Path) finish(rest []string) error {
	kind := p.Field.ColumnKind()
	for i, part := range rest {
		last := i == len(rest)-1
		if kind == KindJSON {
			if last && slices.Contains(Lookups(KindJSON), part) {
				p.Lookup = part
			} else {
				p.Keys = append(p.Keys, part)
			}
			continue
		}
		if slices.Contains(Transforms(kind), part) {
			p.Transforms = append(p.Transforms, part)
			kind = Transformed(part)
			continue
		}
		if last && part == Search && kind.IsText() && len(p.Transforms) == 0 {
			return p.search(p.Field.Model, p.Field)
		}
		lookups := Lookups(kind)
		if own := p.Field.Lookups; own != nil && len(p.Transforms) == 0 {
			lookups = own
		}
		if last && slices.Contains(lookups, part) {
			p.Lookup = part
			return nil
		}
		if last && isLookup(part) {
			return &LookupError{
				Model: p.Model, Path: p.Text, Part: part, Choices: lookups,
				Problem: fmt.Sprintf("%q does not fit %q, which is %s", part, p.Field.Name, article(kind)),
			}
		}
		choices := append(slices.Clone(lookups), Transforms(kind)...)
		if slices.Contains(lookups, part) {
			return &LookupError{
				Model: p.Model, Path: p.Text, Part: part, Choices: choices,
				Problem: fmt.Sprintf("nothing can follow the lookup %q", part),
			}
		}
		return &LookupError{
			Model: p.Model, Path: p.Text, Part: part, Choices: choices, Nearest: nearest(part, choices),
			Problem: fmt.Sprintf("unknown lookup %q", part), quiet: true,
		}
	}
	return nil
}

// ResolveRelation finds the relations of a path such as "author__company" or "comments", for loading related objects.
// Every part must be a relation; Field is nil.
func (m *Model) ResolveRelation(path string) (*Path, error) {
	p := &Path{Model: m, Text: path, Lookup: Exact, Relation: true}
	at := m
	for _, part := range strings.Split(path, "__") {
		f, rev := at.byName[part], at.ReverseBy(part)
		if f != nil && f.Relation != nil && part == f.Name {
			if f.Relation.To == nil {
				return nil, unlinked(m, path, f)
			}
			p.Steps = append(p.Steps, Step{f.Relation, false})
			at = f.Relation.To
			continue
		}
		if rev != nil {
			p.Steps = append(p.Steps, Step{rev, true})
			at = rev.From
			continue
		}
		choices := at.relationNames()
		e := &LookupError{Model: m, Path: path, Part: part, Choices: choices, Nearest: nearest(part, choices)}
		e.Problem = fmt.Sprintf("no relation %q", part)
		if f != nil {
			e.Problem, e.Nearest = fmt.Sprintf("%q is not a relation", part), nil
		}
		if at != m {
			e.Problem += " in " + at.String()
		}
		return nil, e
	}
	return p, nil
}

// Names returns every name that a path may begin with: fields, the stored names of foreign keys, many-to-many fields and
// reverse relations, sorted.
func (m *Model) Names() []string {
	names := m.relationNames()
	for _, f := range m.Fields {
		if f.Relation == nil {
			names = append(names, f.Name)
		} else if f.Attr != f.Name {
			names = append(names, f.Attr)
		}
	}
	sort.Strings(names)
	return slices.Compact(names)
}

func (m *Model) relationNames() []string {
	var names []string
	for _, f := range slices.Concat(m.Fields, m.ManyToMany) {
		if f.Relation != nil {
			names = append(names, f.Name)
		}
	}
	for _, r := range m.Reverse {
		for _, name := range []string{r.QueryName, r.LookupName} {
			if name != "" {
				names = append(names, name)
			}
		}
	}
	sort.Strings(names)
	return slices.Compact(names)
}

// Field finds a field or many-to-many field by its name, by the stored name of a foreign key, or by "pk". The error is a
// [*LookupError] with the most similar names.
func (m *Model) Field(name string) (*Field, error) {
	if f := m.Lookup(name); f != nil {
		return f, nil
	}
	return nil, noField(m, name, m, name)
}
