//go:build cgo && !purego && !sqlite_fts5 && !fts5 && !libsqlite3

package sqlite

// hasFTS5 reports whether the driver has the module fts5.
const hasFTS5 = false
