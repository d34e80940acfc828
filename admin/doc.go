// Package admin is an app with pages for managing the objects of a project, generated from its models: lists with
// search, filters and order, forms, deletions with confirmation, the history of each object, and users with groups
// and permissions.
//
// An app returns its models with options from AdminModels. Everything follows from the model and can be overridden:
//
//	func (App) AdminModels() []admin.Model {
//		return []admin.Model{admin.For[Post](admin.Options{
//			List:   []string{"title", "author", "status", "created_at"},
//			Filter: []string{"status", "tags"},
//			Search: []string{"title", "body"},
//		})}
//	}
//
// The project adds one [App] and includes it in its routes. Staff users log in there; their pages and actions follow
// from their permissions and from the [Hooks] of the models, and the server refuses everything else. Every page
// works without JavaScript.
//
// # Packages
//
// Package admin contains the registration, the routes and the pages. The parts know nothing of routes and sessions;
// they receive an environment (type Env of package env) for each request:
//
//	admin
//	├── changeform   the form over one object: inputs, read-only values, errors, conflicts, differences
//	├── deletion     the objects that a deletion includes, its confirmation and execution
//	├── changelist   the list of a model: columns, search, filters, order, pages
//	├── audit        the history: entries and their views
//	├── env          database, permissions and addresses for one request
//	└── display      values as texts, and the difference between two texts
//
// Each package imports only those below it.
package admin
