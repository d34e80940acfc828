// Package schema describes models without a database: their fields, relations, labels and rules.
//
// A [Model] is created from a Go struct by package declare, or from migration state, and linked with the models that its
// relations point at by package registry. Models are not modified after they are registered, apart from the relations that
// later registrations complete, so that they may be read concurrently.
package schema
