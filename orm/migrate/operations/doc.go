// Package operations defines what migration files contain: a [Migration], its operations such as [CreateModel] and
// [AddField], and the fields, indexes and constraints that they name. Migration files import it as m.
//
// Operations change a [State], which describes the models at one point of the migrations without a database. A State results
// from applying operations in order, or is read from registered models with [FromModels]. It has no labels, choices,
// validators or deletion rules, so changing those needs no migration.
package operations
