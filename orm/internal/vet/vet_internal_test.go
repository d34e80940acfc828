package vet

import (
	"slices"
	"testing"
)

func TestErrorsOfTheCompilerAreNoFindings(t *testing.T) {
	t.Parallel()
	got := parse("# shop/catalog\n./views.go:12:3: Filter: a query on catalog.Book takes the columns of catalog.Book, not those of catalog.Author\n" +
		"vet: ./models.go:4:2: undefined: missing\n# shop/blog\nblog/app.go:7:1: syntax error: unexpected name\n")
	want := []Finding{{"views.go:12:3", "Filter: a query on catalog.Book takes the columns of catalog.Book, not those of catalog.Author"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
