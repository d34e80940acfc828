package web

import (
	"context"
	"time"
)

type locationKey struct{}

// WithLocation returns a copy of ctx in which times are shown and read in the given time zone. Middleware that knows the
// zone of a user passes r.WithContext(web.WithLocation(r.Context(), zone)) on. A nil location stands for UTC.
func WithLocation(ctx context.Context, location *time.Location) context.Context {
	return context.WithValue(ctx, locationKey{}, location)
}

// Location returns the time zone in which times are shown and read: that of [WithLocation], or else that of the site which
// serves the request (the setting TIME_ZONE). It is UTC if neither is set, and never nil.
func Location(ctx context.Context) *time.Location {
	if location, _ := ctx.Value(locationKey{}).(*time.Location); location != nil {
		return location
	}
	return time.UTC
}
