// Package admin makes pages for managing the data of a project, generated from its models.
//
// An app lists its models in AdminModels; everything else is inferred and can be overridden:
//
//	func (App) AdminModels() []admin.Model {
//		return []admin.Model{admin.For[Post](admin.Options{
//			List:   []string{"title", "author", "status", "created_at"},
//			Filter: []string{"status", "tags"},
//			Search: []string{"title", "body"},
//		})}
//	}
//
// The project adds one [App] and includes it in its routes. Staff log in there; what each of them sees and does follows
// from their permissions, and every refusal is made by the server. Each page works without scripts.
package admin
