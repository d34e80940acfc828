package admin

import (
	"fmt"
	"net/url"
	"strconv"

	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/orm/schema"
)

// relatedView leads to the objects of another model that refer to the one on the page.
type relatedView struct{ Label, Count, URL, AddURL, Singular string }

// related counts the objects that refer to obj by a foreign key, of models that the user may view: one query for each.
func (q *request) related(obj any) ([]relatedView, error) {
	var views []relatedView
	seen := map[*schema.Model]bool{}
	for _, r := range q.entry.model.Reverse {
		other := q.site.entryOf(r.From)
		if other == nil || !q.can("view", other) || r.Kind == schema.KindManyToMany || r.Field == nil || r.ToField == nil {
			continue
		}
		key := r.ToField.Value(obj)
		n, err := q.app.db.Objects(r.From).Where(r.Field.Name, schema.Indirect(key)).Limit(changelist.CountLimit + 1).Count(q.Context())
		if err != nil {
			return nil, err
		}
		v := relatedView{Label: other.title(), Singular: other.model.Label, Count: display.Group(strconv.FormatInt(n, 10))}
		if seen[r.From] { // a second foreign key of the same model
			v.Label += " by their " + changelist.FieldLabel(r.Field)
		}
		seen[r.From] = true
		if n > changelist.CountLimit {
			v.Count = "more than " + display.Group(strconv.Itoa(changelist.CountLimit))
		}
		query := "?" + url.Values{r.Field.Name: {fmt.Sprint(schema.Indirect(key))}}.Encode()
		v.URL = q.listURL(other) + query
		if q.can("add", other) {
			v.AddURL = q.listURL(other) + "add/" + query
		}
		views = append(views, v)
	}
	return views, nil
}
