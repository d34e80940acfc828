// Package docs holds the guides, the examples that continuous integration builds and browses, and
// the test that every Go snippet of a guide is part of code that compiles.
package docs
