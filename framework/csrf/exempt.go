package csrf

import "net/http"

// ExemptMark is the mark of routes behind [Exempt]; see web.HasMark.
const ExemptMark = "csrf exempt"

// Exempt is middleware for routes whose views verify by other means who is calling, such as a signature of the sender, and
// are called by programs rather than browsers:
//
//	r.With(csrf.Exempt).Post("/hooks/payment/", a.payment)
//
// It marks the routes; [Protect] lets requests that reach a marked route pass unchecked if its option Exempt asks for the
// mark, as it does in a project. Exempt applies to every method of the routes. Browsers still send cookies with forged
// requests, so an exempt view must not trust the session.
func Exempt(next http.Handler) http.Handler { return exempt{next} }

type exempt struct{ http.Handler }

// RouteMark implements web.Marker.
func (exempt) RouteMark() string { return ExemptMark }
