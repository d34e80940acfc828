package dynamic

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/quintetgo/quintet/orm/internal/load"
)

// Load loads relations of objects that have been read already, pointers to structs of one model, with one statement for each
// relation: dynamic.Load(ctx, db, posts, "author", "comments__author"). It does what [Query.Prefetch] does: a related object
// that is loaded already is kept, and a list is read again.
func Load(ctx context.Context, db DB, objects []any, names ...string) error {
	if db == nil || db.Session() == nil {
		return errors.New("orm: Load received no database")
	}
	if len(objects) == 0 {
		return nil
	}
	t := reflect.TypeOf(objects[0])
	for i, object := range objects {
		rv := reflect.ValueOf(object)
		if rv.Kind() != reflect.Pointer || rv.IsNil() || rv.Type() != t {
			return fmt.Errorf("orm: Load takes pointers to structs of one model; object %d is %T after %s", i, object, t)
		}
	}
	m, err := db.Session().ModelOf(objects[0])
	if err != nil {
		return err
	}
	list := make([]load.Prefetch, len(names))
	for i, name := range names {
		list[i] = load.Prefetch{Path: name}
	}
	return load.Load(ctx, db.Session(), m, objects, list)
}
