// Package devserver runs a project during development: it builds the project, serves it through a proxy, rebuilds it
// on every save, and shows errors of the build and the start in the browser. Templates and static files are read from
// disk, so that their change requires no build.
//
// [Run] is the parent. It watches the folder, runs `go build`, starts the binary as a child that listens on a unix
// socket, and forwards requests to it. During a build, requests wait. HTML pages get a small script that reloads them
// after a build; it works with a strict Content-Security-Policy. Event streams, uploads and websockets are forwarded
// too.
//
// The child is the project's own binary, started as `runserver --no-reload unix:…`. It uses [Child], so that it ends
// with its parent, and [URL], the address for browsers.
//
// This is a tool for a developer's machine. In production use the command serve.
package devserver
