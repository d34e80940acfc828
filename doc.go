// Package quintet names the module of Quintet, a batteries-included web framework for Go.
//
// There is nothing to import here: a project imports the layers it uses. Each may use itself and
// the layers to its right:
//
//	docs/examples · cmd → contrib → admin → auth → orm → framework → templates → standard library
//
// Start with `go run ./cmd/quintet demo`, then read README.md and docs/.
package quintet
