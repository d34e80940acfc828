package orm_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
)

func TestIntegrityErrorMessages(t *testing.T) {
	t.Parallel()
	tests := []struct {
		err            *orm.IntegrityError
		field, message string
	}{
		{&orm.IntegrityError{Kind: orm.IntegrityUnique}, "", "A row like this already exists."},
		{&orm.IntegrityError{Kind: orm.IntegrityUnique, Fields: []string{"slug"}}, "slug", "A row with this slug already exists."},
		{&orm.IntegrityError{Kind: orm.IntegrityUnique, Fields: []string{"a", "b", "c"}}, "", "A row with this a, b and c already exists."},
		{&orm.IntegrityError{Kind: orm.IntegrityForeignKey}, "", "A selected object no longer exists."},
		{&orm.IntegrityError{Kind: orm.IntegrityForeignKey, Fields: []string{"author"}}, "author", "The selected object no longer exists."},
		{&orm.IntegrityError{Kind: orm.IntegrityNotNull, Fields: []string{"title"}}, "title", "Please fill in this field."},
		{&orm.IntegrityError{Kind: orm.IntegrityCheck}, "", "This combination of values is not allowed."},
		{&orm.IntegrityError{Kind: orm.IntegrityOther, Err: errors.New("disk image is malformed")}, "", "This conflicts with an existing record."},
	}
	for _, test := range tests {
		if got := test.err.FieldErrors(); len(got) != 1 || fmt.Sprint(got[test.field]) != "["+test.message+"]" {
			t.Errorf("%v: %v, want %q at %q", test.err, got, test.message, test.field)
		}
	}
}

func TestIntegrityErrorNamesLabels(t *testing.T) {
	t.Parallel()
	db := shop(t)
	create(t, db, &Maker{Name: "Selmer"})
	err := db.Create(t.Context(), &Maker{Name: "Selmer"})
	broken, ok := errors.AsType[*orm.IntegrityError](err)
	if !ok {
		t.Fatal(err)
	}
	for _, messages := range broken.FieldErrors() {
		if text := messages[0].String(); messages[0].Code != "unique" || strings.Contains(text, "UNIQUE") || !strings.Contains(text, "maker with this name") {
			t.Errorf("message %q", text)
		}
	}
}
