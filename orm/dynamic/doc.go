// Package dynamic builds queries on models that are known only at run time, by names: for admin pages, APIs, imports and
// anything else that receives the names of models and fields as text. Package orm has the typed form of the same queries.
//
//	books, err := dynamic.From(db, "catalog.Book").
//		Filter(dynamic.Or(dynamic.Is("year__lt", 1900), dynamic.Is("author__name", "Ada"))).
//		OrderBy("-year").
//		Prefetch("subjects").
//		All(ctx)
//
// # Lookups
//
// A lookup is a path of fields and relations, joined by "__", with an optional comparison at its end:
//
//	"title"                    the field title equals the value
//	"title__icontains"         the value occurs in the title, case-insensitively
//	"author__name__startswith" the name of the related author starts with the value
//	"created_at__year__gte"    the year of a date is at least the value
//	"data__size"               the key "size" of a JSON field equals the value
//	"pk__in"                   the primary key is one of a slice of values
//
// Without a comparison, a lookup means "exact". Names that do not exist are a [*schema.LookupError], which suggests similar
// ones; the method that runs the query returns it. Values are always bound, and names come from the registered models, so
// lookups from a request cannot inject SQL. Restrict which fields a request may name, however: a lookup can follow relations
// to any model.
//
// # Relations to many objects
//
// A condition across a relation to many objects holds if one related object matches. The conditions of one Filter call
// refer to the same related object, those of separate calls may refer to different ones. Rows are never duplicated.
package dynamic
