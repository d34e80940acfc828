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
	"github.com/quintetgo/quintet/orm/schema"
)

// recentActions is the number of actions on the overview.
const recentActions = 8

// indexPage is the overview of all apps or one.
type indexPage struct {
	page
	Apps   []navGroup
	Recent []audit.View
}

// index is the overview: every app with its models, and the latest actions.
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
	var models []*schema.Model
	for _, group := range groups {
		for _, m := range group.Models {
			if q.can(ActionView, m.entry) {
				models = append(models, m.entry.model)
			}
		}
	}
	counts, err := countRows(q.Context(), q.app.db, models)
	if err != nil {
		return err
	}
	for i := range groups {
		for j := range groups[i].Models {
			m := &groups[i].Models[j]
			m.Count = counts[m.entry.model]
		}
	}
	entries, err := audit.Recent(q.Context(), q.app.db, recentActions, models...)
	if err != nil {
		return err
	}
	return q.render(http.StatusOK, "admin/index.html", &indexPage{
		page: page{Title: title, Crumbs: crumbs}, Apps: groups, Recent: q.viewer().Views(entries),
	})
}

// countRows counts the rows of all models with one query, each up to the limit of lists, and returns the texts to show.
func countRows(ctx context.Context, db *orm.DB, models []*schema.Model) (map[*schema.Model]string, error) {
	counts := make(map[*schema.Model]string, len(models))
	if len(models) == 0 {
		return counts, nil
	}
	parts := make([]string, len(models))
	numbers := make([]int, len(models))
	into := make([]any, len(models))
	for i, model := range models {
		rows := "SELECT 1 FROM " + db.Dialect().Quote(model.Table) + " LIMIT " + strconv.Itoa(changelist.CountLimit+1)
		parts[i] = "(SELECT COUNT(*) FROM (" + rows + ") AS n)"
		into[i] = &numbers[i]
	}
	rows, err := db.Query(ctx, "SELECT "+strings.Join(parts, ", "))
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // nothing is written
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
	}
	for i, model := range models {
		text := display.Group(strconv.Itoa(min(numbers[i], changelist.CountLimit)))
		if numbers[i] > changelist.CountLimit {
			text += "+"
		}
		counts[model] = text
	}
	return counts, rows.Err()
}
