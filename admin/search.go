package admin

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm/dynamic"
)

const (
	pickerPage   = 20  // the number of results on a page of a picker
	pickerPages  = 500 // the number of pages
	palettePart  = 4   // the number of results of one model in the palette
	paletteTotal = 24  // the number of results in the palette
)

// complete returns the objects that a picker finds: {"results": [{"id": …, "text": …}], "more": …}. The parameter "for" names
// the relation that the picker is for, "blog.post.author": only objects that the relation may refer to are found.
func (q *request) complete() error {
	e := q.entry
	if !q.can(ActionView, e) {
		return q.refuse(ActionView)
	}
	number := max(1, min(pageNumber(q.URL.Query().Get("p")), pickerPages))
	limit, err := q.pickerLimit(q.URL.Query().Get("for"))
	if err != nil {
		return err
	}
	found, err := e.list.Find(q.Context(), q.env(), q.URL.Query().Get("q"), limit, pickerPage+1, (number-1)*pickerPage)
	if err != nil {
		return err
	}
	type result struct {
		ID   string `json:"id"`
		Text string `json:"text"`
	}
	results := []result{}
	for _, match := range found[:min(len(found), pickerPage)] {
		results = append(results, result{fmt.Sprint(e.model.PK.Value(match.Object)), q.plain(e.model, match.Object, 200)})
	}
	q.w.Header().Set("Cache-Control", "no-store")
	return web.JSON(q.w, map[string]any{"results": results, "more": len(found) > pickerPage})
}

// pickerLimit returns the condition that a relation sets for the objects of the request's model: that of its LimitChoicesTo.
// The name is that of a field, "blog.post.author", or "" for no relation.
func (q *request) pickerLimit(name string) (dynamic.Condition, error) {
	if name == "" {
		return dynamic.Condition{}, nil
	}
	unknown := web.NotFound("There is no relation “{name}” to {objects}.",
		message.Args{"name": display.Cut(name, 60), "objects": q.entry.model.LabelPlural})
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return dynamic.Condition{}, unknown
	}
	model, err := q.app.db.Model(name[:i])
	if err != nil {
		return dynamic.Condition{}, unknown
	}
	field := model.Lookup(name[i+1:])
	if field == nil || field.Relation == nil || field.Relation.To != q.entry.model {
		return dynamic.Condition{}, unknown
	}
	return dynamic.ChoiceLimit(q.Context(), field)
}

// palette returns the objects of all models with a search that a text finds, a few of each model, the best matches
// first.
func (q *request) palette() error {
	text := q.URL.Query().Get("q")
	type result struct {
		Text string `json:"text"`
		URL  string `json:"url"`
		Kind string `json:"kind"`
		rank int
	}
	results := []result{}
	for _, e := range q.searched(text) {
		found, err := e.list.Find(q.Context(), q.env(), text, dynamic.Condition{}, palettePart, 0)
		if err != nil {
			return err
		}
		for _, match := range found {
			results = append(results, result{
				Text: q.plain(e.model, match.Object, 120), URL: q.link(e.model, e.model.PK.Value(match.Object)), Kind: e.model.Label,
				rank: match.Rank,
			})
		}
	}
	slices.SortStableFunc(results, func(a, b result) int { return a.rank - b.rank })
	q.w.Header().Set("Cache-Control", "no-store")
	return web.JSON(q.w, map[string]any{"results": results[:min(len(results), paletteTotal)]})
}

// searched returns the models that the palette searches for a text.
func (q *request) searched(text string) []*entry {
	if len(changelist.Terms(text)) == 0 {
		return nil
	}
	var entries []*entry
	for _, g := range q.site.groups {
		for _, e := range g.entries {
			if len(e.options.Search) > 0 && q.can(ActionView, e) {
				entries = append(entries, e)
			}
		}
	}
	return entries
}
