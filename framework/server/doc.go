// Package server serves a project's http.Handler over TCP and unix sockets and stops without
// losing a request.
//
// Stopping has two phases. First the listener closes, while open connections go on being served:
// their answers carry "Connection: close" (HTTP/2 gets GOAWAY), so that clients leave by
// themselves. After the grace period what is idle is closed, requests in flight are waited for, and
// at the graceful timeout the rest is cut off. http.Server.Shutdown alone closes connections on
// which a client is just sending, and loses those requests.
package server
