// Package server is an application server for any http.Handler. It serves over TCP and unix sockets, as HTTP/1,
// HTTP/2 or FastCGI, with limits that suit production, and stops without losing a request:
//
//	ctx, stop := server.Signals(context.Background())
//	defer stop()
//	err := server.Run(ctx, mux, server.Options{Bind: []string{":8080"}})
//
// It does not need the rest of this module. Package master runs a handler in several worker processes and replaces
// them without losing a request.
//
// Stopping has two phases. First the listener closes, while open connections are still served: their responses carry
// "Connection: close" (HTTP/2 gets GOAWAY), so that clients leave. After the grace period idle connections are
// closed, requests in flight are waited for, and at the shutdown timeout the rest is cut off. http.Server.Shutdown
// alone closes connections on which a client is sending a request, and loses that request.
package server
