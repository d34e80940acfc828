package generate

import "github.com/quintetgo/quintet/orm/schema"

// way is a relation of from, walked back by the name it has in lookups of the other model.
type way struct {
	relation
	name string
	from *model
}

// ways names the ways back of every relation, as package schema does when the models are registered in this order: what
// Related says, else the name of the other struct's field for them, else the model's name, and a longer one where that is
// taken. Clashes with other packages' models are not seen here; Related avoids them.
func (l *loader) ways(models []*model, forward map[*model][]relation) []way {
	var ways []way
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
				if name := l.wayName(m, r, names); name != "" {
					names[name] = true
					ways = append(ways, way{relation: r, name: name, from: m})
				}
			}
		}
	}
	return ways
}

func (l *loader) wayName(m *model, r relation, taken map[string]bool) string {
	if _, symmetrical := m.calls[r.field.goName]["Symmetrical"]; symmetrical || l.mirrored(m, r) {
		return ""
	}
	related := m.calls[r.field.goName]["Related"]
	switch related {
	case "-":
		return ""
	case "":
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
// the way back then.
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
		if _, many := f.tag["MANY2MANY"]; many || f.target == nil || f.target != m.source.types[m.name] || !f.slice && l.companion(target, f) != "" {
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
