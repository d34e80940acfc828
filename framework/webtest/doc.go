// Package webtest sends requests to a project's handler in tests, as a browser would, without a network.
//
// A client keeps cookies, sends the headers of a same-origin request, and adds the CSRF token of the
// last page to submitted forms:
//
//	client := webtest.New(t, project)
//	client.Get("/posts/absent/").WantStatus(t, http.StatusNotFound)
//	client.Get("/posts/hello/").WantContains(t, "Hello")
//	client.Post("/posts/hello/comment/", url.Values{"text": {"Nice"}}).WantRedirect(t, "/posts/hello/")
package webtest
