package schema

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// link completes relations whose target is known by now, gives many-to-many relations their through models, and fills
// the struct fields that hold ways back. It may run again after every registration.
func (r *Registry) link() []Problem {
	var found []Problem
	for _, m := range r.models {
		for _, s := range m.slots {
			r.keyOfSlot(m, s)
		}
	}
	for _, m := range slices.Clone(r.models) {
		for _, f := range m.Fields {
			if f.Relation != nil && !f.Relation.linked {
				found = append(found, r.linkKey(f)...)
			}
		}
	}
	for _, m := range slices.Clone(r.models) {
		for _, f := range m.ManyToMany {
			if !f.Relation.linked {
				found = append(found, r.linkManyToMany(f)...)
			}
		}
	}
	return found
}

// keyOfSlot makes a foreign key of the column that a struct field for the way back speaks of, where the other model holds
// the bare key: "Cards []Card" in Person and "PersonID" in Card, without a Person beside it.
func (r *Registry) keyOfSlot(m *Model, s *slot) {
	child := r.byType[s.elem]
	if s.relation != nil || child == nil {
		return
	}
	name := s.foreignKey
	if name == "" {
		name = m.Name + "ID"
	}
	f := child.goField(name)
	if f == nil || f.Relation != nil || f.PrimaryKey {
		return
	}
	f.Name = strings.TrimSuffix(f.Attr, "_id")
	if other := child.byName[f.Name]; other != nil && other != f {
		f.Name = f.Attr
	}
	f.Label = capitalFirst(labelOf(strings.TrimSuffix(f.GoName, "ID")))
	f.Kind = KindForeignKey
	if f.Unique {
		f.Kind = KindOneToOne
	}
	f.Relation = &Relation{Kind: f.Kind, From: child, Field: f, toType: m.Type, Target: m.String(), toRef: s.references, Constraint: true}
	child.index()
}

func (r *Registry) target(rel *Relation) *Model {
	if rel.toType != nil {
		return r.byType[rel.toType]
	}
	return r.find(rel.toName)
}

func (r *Registry) linkKey(f *Field) []Problem {
	rel := f.Relation
	to := r.target(rel)
	if to == nil {
		return nil
	}
	ref := to.PK
	if rel.toRef != "" {
		ref = to.goField(rel.toRef)
		if ref == nil {
			rel.linked = true
			return []Problem{problem("orm.E024", f.String(), fmt.Sprintf("%s has no field %q to point at", to, rel.toRef), didYouMean(rel.toRef, to.columnNames(), ""))}
		}
	}
	rel.linked = true
	if ref == nil || len(to.PrimaryKeys) > 1 && rel.toRef == "" {
		return []Problem{problem("orm.E025", f.String(), fmt.Sprintf("%s has a composite primary key, which foreign keys cannot point at", to), "give it a single one")}
	}
	if f.Type != nil && ref.Type != nil && !sameBase(f.Type, ref.Type) {
		return []Problem{problem("orm.E026", f.String(), fmt.Sprintf("the key is %s, but %s is %s", f.Type, ref, ref.Type), fmt.Sprintf("make %s a %s", f.GoName, ref.Type))}
	}
	if rel.toName != "" && !strings.EqualFold(rel.toName, to.String()) {
		rel.Alias = rel.toName
	}
	rel.To, rel.ToField, rel.Target = to, ref, to.String()
	return r.addReverse(rel)
}

// sameBase compares two types without pointers; integers of any width may point at each other.
func sameBase(a, b reflect.Type) bool {
	if inner := nullable(a); inner != nil {
		a = inner
	}
	for a.Kind() == reflect.Pointer {
		a = a.Elem()
	}
	for b.Kind() == reflect.Pointer {
		b = b.Elem()
	}
	return a == b || kindOfType(a).IsInteger() && kindOfType(b).IsInteger() || a.Kind() == b.Kind() && a.Kind() == reflect.String
}

// goField finds a field by its Go name, its name or its column.
func (m *Model) goField(name string) *Field {
	for _, f := range m.Fields {
		if f.GoName == name || f.Name == name || f.Column == name {
			return f
		}
	}
	return nil
}

// addReverse enters a relation on the model it points at.
func (r *Registry) addReverse(rel *Relation) []Problem {
	to := rel.To
	to.Reverse = append(to.Reverse, rel)
	if s := to.slotFor(rel); s != nil {
		s.relation = rel
		rel.ReverseGoName, rel.reverseIndex = s.goName, s.index
		if rel.Kind != KindManyToMany {
			rel.constraintTag(s.constraint)
		}
	}
	name := rel.RelatedName
	switch {
	case name == "-":
		return nil
	case name != "":
		if f := to.byName[name]; f != nil && f.Relation != nil && rel.mirrorOf(f.Relation) {
			return nil // that field is the reverse relation
		}
		if clash := to.taken(name); clash != "" {
			return []Problem{problem("orm.E027", rel.Field.String(), fmt.Sprintf("the related name %q is taken in %s by %s", name, to, clash), "give it another name with Related")}
		}
		if strings.Contains(name, "__") || name == "pk" {
			return []Problem{problem("orm.E006", rel.Field.String(), fmt.Sprintf("the related name %q cannot be used in lookups", name), "give it another name with Related")}
		}
		rel.QueryName = name
		return nil
	case rel.ReverseGoName != "":
		name = SnakeName(rel.ReverseGoName)
	default:
		name = SnakeName(rel.From.Name)
	}
	for _, f := range to.ManyToMany {
		if rel.mirrorOf(f.Relation) {
			return nil // that field is the reverse relation
		}
	}
	clash := to.taken(name)
	if clash == "" {
		rel.QueryName = name
		return nil
	}
	longer := SnakeName(rel.From.Name) + "_by_" + rel.Field.Name
	if to.taken(longer) == "" {
		rel.QueryName = longer
	}
	return []Problem{warning("orm.W003", rel.Field.String(), fmt.Sprintf("the way back from %s cannot be called %q, which is %s; it is %q", to, name, clash, rel.QueryName), "name it with Related")}
}

// taken says what already has a name among the model's fields and ways back, "" for nothing.
func (m *Model) taken(name string) string {
	if f := m.byName[name]; f != nil {
		return "the field " + f.String()
	}
	if rev := m.ReverseBy(name); rev != nil {
		return "the way back of " + rev.Field.String()
	}
	return ""
}

// slotFor finds the struct field meant for the objects of an incoming relation.
func (m *Model) slotFor(rel *Relation) *slot {
	if rel.From.Type == nil {
		return nil
	}
	var loose *slot
	for _, s := range m.slots {
		if s.elem != rel.From.Type || s.relation != nil || rel.Kind == KindManyToMany {
			continue
		}
		if s.foreignKey != "" {
			if s.foreignKey == rel.Field.GoName {
				return s
			}
			continue
		}
		if rel.RelatedName != "" && SnakeName(s.goName) == rel.RelatedName || rel.Field.GoName == m.Name+"ID" {
			return s
		}
		if rel.RelatedName == "" {
			loose = s
		}
	}
	if loose != nil && rel.From.keysTo(m) == 1 {
		return loose
	}
	return nil
}

// keysTo counts the foreign keys that point at a model.
func (m *Model) keysTo(to *Model) int {
	n := 0
	for _, f := range m.Fields {
		if f.Relation != nil && (f.Relation.To == to || f.Relation.toType == to.Type && to.Type != nil) {
			n++
		}
	}
	return n
}

func (r *Registry) linkManyToMany(f *Field) []Problem {
	rel := f.Relation
	to := r.target(rel)
	if to == nil || to.PK == nil || rel.From.PK == nil {
		return nil
	}
	for _, m := range []*Model{rel.From, to} {
		if len(m.PrimaryKeys) > 1 {
			rel.linked = true
			return []Problem{problem("orm.E025", f.String(), fmt.Sprintf("%s has a composite primary key, which many-to-many fields cannot point at", m), "give it a single one")}
		}
	}
	through := rel.Through
	explicit := through != nil
	switch {
	case through != nil:
	case rel.throughType != nil:
		if through = r.byType[rel.throughType]; through == nil {
			return nil
		}
		explicit = true
	default:
		if through = r.tableOf(rel.joinTable); through != nil {
			explicit = true
		} else {
			through = r.autoThrough(rel, to)
		}
	}
	rel.linked = true
	if problems := manyToManyProblems(f, to, through); len(problems) > 0 {
		return problems
	}
	from, target := throughKeys(through, rel, to)
	if explicit && (from == nil || target == nil) {
		return []Problem{problem("orm.E028", f.String(), fmt.Sprintf("the through model %s needs one foreign key to %s and one to %s", through, rel.From, to), "add them, or name them with joinForeignKey and joinReferences")}
	}
	rel.Through, rel.ThroughFrom, rel.ThroughTo = through, from, target
	rel.To, rel.ToField, rel.Target = to, to.PK, to.String()
	return r.addReverse(rel)
}

// manyToManyProblems reports fields on their own model that do not say which way their links hold.
func manyToManyProblems(f *Field, to, through *Model) []Problem {
	rel := f.Relation
	own := rel.From == to
	switch {
	case own && !rel.Symmetrical && !rel.oneWay:
		return []Problem{problem("orm.E031", f.String(), fmt.Sprintf("links from %s to itself may hold in one direction or in both", to),
			fmt.Sprintf("say it in Fields: orm.M2M(f, &x.%s).Symmetrical() or .OneWay()", lastPart(rel.GoName)))}
	case rel.Symmetrical && (!own || !through.Auto):
		return []Problem{problem("orm.E031", f.String(), "only links from a model to itself, in a table of their own, can be symmetrical", "leave Symmetrical out")}
	}
	return nil
}

// mirrorOf reports whether other is the same many-to-many relation as rel, declared on the other model: both name one
// table.
func (rel *Relation) mirrorOf(other *Relation) bool {
	return rel != other && rel.Kind == KindManyToMany && other.Kind == KindManyToMany && rel.joinTable == other.joinTable &&
		rel.throughType == other.throughType && other.From == rel.To
}

// throughKeys finds the two foreign keys of a through model.
func throughKeys(through *Model, rel *Relation, to *Model) (from, target *Field) {
	for _, f := range through.Fields {
		if f.Relation == nil || f.Relation.To == nil {
			continue
		}
		switch {
		case rel.joinFrom != "" && f.GoName == rel.joinFrom:
			from = f
		case rel.joinTo != "" && f.GoName == rel.joinTo:
			target = f
		case from == nil && f.Relation.To == rel.From && rel.joinFrom == "":
			from = f
		case target == nil && f.Relation.To == to && rel.joinTo == "":
			target = f
		}
	}
	return from, target
}

// autoThrough makes and registers the implicit model of a many-to-many relation: an id, two foreign keys, unique together.
func (r *Registry) autoThrough(rel *Relation, to *Model) *Model {
	fromName, toName := capitalFirst(rel.From.Name)+"ID", capitalFirst(to.Name)+"ID"
	if rel.From == to || fromName == toName {
		toName = singular(lastPart(rel.GoName)) + "ID"
	}
	if rel.joinFrom != "" {
		fromName = rel.joinFrom
	}
	if rel.joinTo != "" {
		toName = rel.joinTo
	}
	rel.joinFrom, rel.joinTo = fromName, toName
	m := &Model{
		App: rel.From.App, Name: rel.From.Name + lastPart(rel.GoName), Table: rel.joinTable, Auto: true,
		Label: rel.From.Label + " " + rel.Field.Name, LabelPlural: rel.From.Label + " " + rel.Field.Name, AutoOf: rel.Field,
	}
	if rel.GoName == "" {
		m.Name = rel.From.Name + "_" + rel.Field.Name
	}
	if rel.From.Type != nil && to.Type != nil {
		m.Type = reflect.StructOf([]reflect.StructField{
			{Name: "ID", Type: reflect.TypeFor[int64]()},
			{Name: fromName, Type: plainType(rel.From.PK.Type)},
			{Name: toName, Type: plainType(to.PK.Type)},
		})
	}
	id := &Field{Name: "id", Attr: "id", GoName: "ID", Column: "id", Kind: KindBigInt, Label: "ID", PrimaryKey: true, Auto: true, Blank: true}
	m.Fields = []*Field{id, throughKey(m, rel.From, fromName, rel), throughKey(m, to, toName, rel)}
	m.PK, m.PrimaryKeys = id, []*Field{id}
	m.Unique = []Unique{{Name: ConstraintName(m.Table, "uniq", m.Fields[1].Column, m.Fields[2].Column), Fields: []string{m.Fields[1].Name, m.Fields[2].Name}}}
	if m.Type != nil {
		for i, f := range m.Fields {
			sf := m.Type.Field(i)
			f.Type = sf.Type
			f.access = access{direct: true, offset: sf.Offset, index: sf.Index}
		}
	}
	m.index()
	r.insert(m)
	for _, f := range m.Fields[1:] {
		r.linkKey(f)
	}
	return m
}

func throughKey(m, to *Model, goName string, rel *Relation) *Field {
	name := strings.TrimSuffix(SnakeName(goName), "_id")
	f := &Field{
		Model: m, Name: name, Attr: SnakeName(goName), GoName: goName, Column: SnakeName(goName), Kind: KindForeignKey,
		Label: capitalFirst(strings.ReplaceAll(name, "_", " ")), Editable: true, Index: true,
	}
	f.Relation = &Relation{
		Kind: KindForeignKey, From: m, Field: f, Target: to.String(), toName: to.String(), OnDelete: Cascade, RelatedName: "-",
		Constraint: rel.Constraint,
	}
	return f
}

func plainType(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

func lastPart(goName string) string { return goName[strings.LastIndexByte(goName, '.')+1:] }

// singular undoes plain English plurals, well enough for the column of a model that points at itself.
func singular(word string) string {
	switch {
	case strings.HasSuffix(word, "ies"):
		return word[:len(word)-3] + "y"
	case strings.HasSuffix(word, "ss"):
		return word
	case strings.HasSuffix(word, "s"):
		return word[:len(word)-1]
	}
	return word
}
