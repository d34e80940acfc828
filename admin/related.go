package admin

import (
	"fmt"
	"net/url"
	"strconv"

	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/orm/schema"
)

// relatedView is the objects of another model that refer to the object of the page.
type relatedView struct {
	Label    string // plural label of the model
	Field    string // label of the foreign key, where the model has several
	Singular string
	Count    string
	More     bool   // there are more than Count
	URL      string // the list, filtered
	AddURL   string // "" if the user may not add one
}

// related counts the objects that refer to obj by a foreign key, of models that the user may view. It runs one
// query for each foreign key.
func (q *request) related(obj any) ([]relatedView, error) {
	var views []relatedView
	seen := map[*schema.Model]bool{}
	for _, r := range q.entry.model.Reverse {
		other := q.site.entryOf(r.From)
		if other == nil || !q.can(ActionView, other) || r.Kind == schema.KindManyToMany || r.Field == nil || r.ToField == nil {
			continue
		}
		key := schema.Indirect(r.ToField.Value(obj))
		n, err := q.env().Objects(r.From).Where(r.Field.Name, key).Limit(changelist.CountLimit + 1).Count(q.Context())
		if err != nil {
			return nil, err
		}
		query := "?" + url.Values{r.Field.Name: {fmt.Sprint(key)}}.Encode()
		v := relatedView{
			Label: other.title(), Singular: other.model.Label, More: n > changelist.CountLimit, URL: q.listURL(other) + query,
			Count: display.Group(strconv.FormatInt(min(n, changelist.CountLimit), 10)),
		}
		if seen[r.From] {
			v.Field = changelist.FieldLabel(r.Field)
		}
		seen[r.From] = true
		if add := q.addURL(other); add != "" {
			v.AddURL = add + query
		}
		views = append(views, v)
	}
	return views, nil
}
