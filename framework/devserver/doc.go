// Package devserver runs a project while it is being written: it builds the project, puts itself in front of it, builds it
// anew on every save, and shows in the browser what does not compile or start. Templates and static files are read from the
// disk, so that their change needs no build.
//
// [Run] is the parent. It watches the folder, runs `go build`, starts the binary as a child that listens on a unix socket,
// and passes requests on to it. While a build runs, requests wait. HTML pages get a small script that reloads them after
// a build; it fits a strict Content-Security-Policy. Events streams, uploads and websockets pass through.
//
// The child is the project's own binary, started as `runserver --no-reload unix:…`. It uses [Child], so that it never
// outlives its parent, and [URL], the address that people open.
//
// This is a tool for one developer's machine. It is not for production: there is `serve` for that.
package devserver
