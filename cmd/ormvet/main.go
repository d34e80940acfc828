// Command ormvet finds queries that use columns of the wrong model. It is run by go vet:
//
//	go vet -vettool=$(go tool -n ormvet) ./...
//
// A project gets it with: go get -tool github.com/quintetgo/quintet/cmd/ormvet. The test TestQueries that startproject
// writes runs it, and so does the command check of a project where its source and Go are present.
package main

import (
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/quintetgo/quintet/cmd/ormvet/columns"
)

func main() { unitchecker.Main(columns.Analyzer) }
