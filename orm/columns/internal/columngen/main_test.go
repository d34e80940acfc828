package main

import (
	"bytes"
	"os"
	"testing"
)

func TestGeneratedFileIsCurrent(t *testing.T) {
	t.Parallel()
	want, err := generate("../../columns.go")
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../generated.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("orm/columns/generated.go is out of date; run: go generate ./orm/columns")
	}
}
