package admin

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/admin/audit"
	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
)

// index is the first page: every app with its models, and what was done lately.
func (q *request) index() error {
	return q.overview(q.nav(), "Overview", q.crumbs())
}

// appIndex is the overview of one app.
func (q *request) appIndex() error {
	name := web.Param(q.Request, "app")
	for _, group := range q.nav() {
		if group.Name == name {
			return q.overview([]navGroup{group}, group.Label, q.crumbs(crumb{Label: group.Label}))
		}
	}
	return web.NotFound("There is no such app here.")
}

func (q *request) overview(groups []navGroup, title string, crumbs []crumb) error {
	var entries []*entry
	for _, group := range groups {
		for _, g := range q.site.groups {
			if g.name == group.Name {
				entries = append(entries, g.entries...)
			}
		}
	}
	entries = keep(entries, func(e *entry) bool { return q.can("view", e) })
	counts, err := countRows(q.Context(), q.app.db, entries)
	if err != nil {
		return err
	}
	for i := range groups {
		for j := range groups[i].Models {
			model := &groups[i].Models[j]
			model.Count = counts[model.URL[len(q.base):]]
		}
	}
	recent, err := q.recent(entries)
	if err != nil {
		return err
	}
	return q.render(http.StatusOK, "admin/index.html", web.Data{"title": title, "crumbs": crumbs, "apps": groups, "recent": recent})
}

// countRows counts the rows of all models with one query, each up to the limit of lists. The keys are "app/model/".
func countRows(ctx context.Context, db *orm.DB, entries []*entry) (map[string]string, error) {
	counts := make(map[string]string, len(entries))
	if len(entries) == 0 {
		return counts, nil
	}
	parts := make([]string, len(entries))
	for i, e := range entries {
		parts[i] = "(SELECT COUNT(*) FROM (SELECT 1 FROM " + db.Dialect().Quote(e.model.Table) + " LIMIT " + strconv.Itoa(changelist.CountLimit+1) + ") AS n)"
	}
	rows, err := db.Query(ctx, "SELECT "+strings.Join(parts, ", "))
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // nothing is written
	numbers := make([]int, len(entries))
	into := make([]any, len(entries))
	for i := range numbers {
		into[i] = &numbers[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
	}
	for i, e := range entries {
		text := display.Group(strconv.Itoa(numbers[i]))
		if numbers[i] > changelist.CountLimit {
			text = display.Group(strconv.Itoa(changelist.CountLimit)) + "+"
		}
		counts[e.model.App+"/"+strings.ToLower(e.model.Name)+"/"] = text
	}
	return counts, rows.Err()
}

// recent lists the last actions on models that the user may view.
func (q *request) recent(entries []*entry) ([]entryView, error) {
	keys := make([]any, len(entries))
	for i, e := range entries {
		keys[i] = e.model.Key()
	}
	if len(keys) == 0 {
		return nil, nil
	}
	found, err := orm.Objects[audit.LogEntry](q.app.db).Where("model__in", keys).OrderByNames("-at", "-id").Limit(8).All(q.Context())
	if err != nil {
		return nil, err
	}
	return q.entryViews(found), nil
}

func keep[E any](list []E, ok func(E) bool) []E {
	var kept []E
	for _, one := range list {
		if ok(one) {
			kept = append(kept, one)
		}
	}
	return kept
}
