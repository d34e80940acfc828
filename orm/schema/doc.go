// Package schema describes models without a database: their fields, relations, labels and rules.
//
// A [Registry] holds the [Model] values of a project. They are made either from Go structs (GORM tags for what is stored,
// an optional Fields method for the rest) or from migration state, so every consumer reads one kind of metadata.
// Models are immutable once they are registered, apart from the relations that later registrations complete.
package schema
