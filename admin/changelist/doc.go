// Package changelist lists the objects of one model for the admin: columns, search, filters, order and pages, all
// of them read from the address.
//
// Names are checked twice against the model: those that a developer wrote, when the program starts ([New]), and
// those that a browser sends, with every request ([Config.Parse]). No text of a request becomes SQL. The number of
// queries of a page depends on the configuration, not on the number of rows.
//
//	config, problems := changelist.New(model, changelist.Options{List: []string{"title", "author"}, Search: []string{"title"}})
//	state := config.Parse(r.URL.Query())
//	view, err := config.Page(ctx, environment, state)
package changelist
