// Package browser holds the tests that drive the example blog in a real browser, as a visitor and
// as an editor would: by mouse, by keyboard, on a wide and on a narrow screen, in light and dark.
package browser
