// Package webtest calls a project's handler in tests, as a browser would and without a network.
//
// A client keeps cookies, sends the headers by which a same-origin request is known, and adds the
// CSRF token of the page it saw last to what it posts:
//
//	client := webtest.New(t, project)
//	client.Get("/posts/absent/").WantStatus(t, http.StatusNotFound)
//	client.Get("/posts/hello/").WantContains(t, "Hello")
//	client.Post("/posts/hello/comment/", url.Values{"text": {"Nice"}}).WantRedirect(t, "/posts/hello/")
package webtest
