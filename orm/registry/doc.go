// Package registry links the models of a project with each other: it registers structs and models, resolves their
// relations, creates the through models of many-to-many fields, and checks what needs all models.
package registry
