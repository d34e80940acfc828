// Package middleware contains the middleware of a site, and [Default], which lists it in order.
//
// Each middleware is a func(http.Handler) http.Handler that can be used on its own in any net/http program.
package middleware
