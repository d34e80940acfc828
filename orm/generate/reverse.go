package generate

import "github.com/quintetgo/quintet/orm/schema"

// reverse is the reverse of a relation of the model from, with its name in lookups of the target.
type reverse struct {
	relation
	name string
	from *model
}

// reverses returns the reverse relations of models, with the names that package registry chooses when the models are
// registered in this order: the argument of Related, else the name of the target's field for the objects, else the name
// of the model, and a longer one if that is taken. Conflicts with models of other packages are not detected here;
// Related avoids them.
func (l *loader) reverses(models []*model, forward map[*model][]relation) []reverse {
	var reverses []reverse
	taken := map[*declaration]map[string]bool{}
	for _, many := range []bool{false, true} {
		for _, m := range models {
			for _, r := range forward[m] {
				if r.target == nil || (r.key == "") != many {
					continue
				}
				names := taken[r.target]
				if names == nil {
					names = l.fieldNames(r.target)
					taken[r.target] = names
				}
				if name := l.reverseName(m, r, names); name != "" {
					names[name] = true
					reverses = append(reverses, reverse{relation: r, name: name, from: m})
				}
			}
		}
	}
	return reverses
}

func (l *loader) reverseName(m *model, r relation, taken map[string]bool) string {
	if _, symmetrical := m.calls[r.field.goName]["Symmetrical"]; symmetrical || l.mirrored(m, r) {
		return ""
	}
	related := m.calls[r.field.goName]["Related"]
	switch related {
	case "-":
		return ""
	case "":
		if m.defaultRelated != "" {
			return m.defaultRelated
		}
	default:
		return related
	}
	name := l.slotName(m, r)
	if name == "" {
		name = m.name
	}
	if name = schema.SnakeName(name); !taken[name] {
		return name
	}
	if name = schema.SnakeName(m.name) + "_by_" + r.name; !taken[name] {
		return name
	}
	return ""
}

// mirrored reports whether a many-to-many relation is declared on the target too, by the name of its table. That field is
// the reverse relation then.
func (l *loader) mirrored(m *model, r relation) bool {
	table := r.field.tag["MANY2MANY"]
	if table == "" {
		return false
	}
	for _, f := range l.modelOf(r.target.file.source, r.target.spec.Name.Name).fields {
		same := f.goName == r.field.goName && r.target == m.source.types[m.name]
		if f.slice && !same && f.tag["MANY2MANY"] == table && f.target == m.source.types[m.name] {
			return true
		}
	}
	return false
}

// slotName is the target's field that holds the objects of m, such as Comments []Comment, or "".
func (l *loader) slotName(m *model, r relation) string {
	if r.key == "" {
		return ""
	}
	target := l.modelOf(r.target.file.source, r.target.spec.Name.Name)
	keys := 0
	for _, f := range m.fields {
		if f.target == r.target && !f.slice && l.companion(m, f) != "" {
			keys++
		}
	}
	for _, f := range target.fields {
		if _, many := f.tag["MANY2MANY"]; many || f.target == nil || f.target != m.source.types[m.name] || !f.slice && l.companion(target,
			f) != "" {
			continue
		}
		if key := f.tag["FOREIGNKEY"]; key != "" {
			if key == r.key {
				return f.goName
			}
			continue
		}
		if r.key == target.name+"ID" || keys == 1 {
			return f.goName
		}
	}
	return ""
}

// fieldNames are the names that a model's own fields take in lookups.
func (l *loader) fieldNames(d *declaration) map[string]bool {
	names := map[string]bool{}
	for _, f := range l.modelOf(d.file.source, d.spec.Name.Name).fields {
		names[f.name] = true
	}
	return names
}
