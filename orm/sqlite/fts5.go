//go:build !cgo || purego || sqlite_fts5 || fts5 || libsqlite3

package sqlite

// hasFTS5 reports whether the driver has the module fts5. The library of the system (libsqlite3) is assumed to have it.
const hasFTS5 = true
