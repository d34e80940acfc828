// Package middleware holds what stands between the server and the views, and the order in which it
// stands there ([Default]).
//
// Each piece is a plain func(http.Handler) http.Handler and works alone, in any net/http program.
package middleware
