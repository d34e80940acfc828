// Package operations describes database tables without a database: models, their fields and indexes, and the operations
// that turn one set of models into the next.
//
// A [State] is replayed from the operations of migrations, or read from registered models with [FromModels]. What only
// Go code knows (labels, choices, validators, what deletion does) is not part of it, so changing that needs no migration.
//
// Projects do not import this package: package migrate gives its types and field constructors under one name.
package operations
