package orm_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
)

func TestIntegrityErrorsHaveWords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		err            *orm.IntegrityError
		field, message string
	}{
		{&orm.IntegrityError{Kind: orm.IntegrityUnique}, "", "A row like this exists already."},
		{&orm.IntegrityError{Kind: orm.IntegrityUnique, Fields: []string{"slug"}}, "slug", "A row with this slug exists already."},
		{&orm.IntegrityError{Kind: orm.IntegrityUnique, Fields: []string{"a", "b", "c"}}, "", "A row with this a, b and c exists already."},
		{&orm.IntegrityError{Kind: orm.IntegrityForeignKey}, "", "Something that was chosen here does not exist any more."},
		{&orm.IntegrityError{Kind: orm.IntegrityForeignKey, Fields: []string{"author"}}, "author", "This does not exist any more."},
		{&orm.IntegrityError{Kind: orm.IntegrityNotNull, Fields: []string{"title"}}, "title", "Please fill in this field."},
		{&orm.IntegrityError{Kind: orm.IntegrityCheck}, "", "These values are not allowed together."},
		{&orm.IntegrityError{Kind: orm.IntegrityOther, Err: errors.New("disk image is malformed")}, "", "This does not go together with what is stored already."},
	}
	for _, test := range tests {
		if got := test.err.FieldErrors(); len(got) != 1 || !slices.Equal(got[test.field], []string{test.message}) {
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
		if strings.Contains(messages[0], "UNIQUE") || !strings.Contains(messages[0], "maker with this name") {
			t.Errorf("message %q", messages[0])
		}
	}
}
