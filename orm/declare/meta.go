package declare

import "github.com/quintetgo/quintet/orm/schema"

// Meta is what a model says about itself as a whole. Every field may be left zero.
type Meta struct {
	Label       string              // "post"; derived from the type's name by default
	LabelPlural string              // "posts"; Label with an s by default
	Table       string              // "blog_post"; app and model name by default
	Ordering    []string            // default order of queries, "-created_at"
	Indexes     []schema.Index      // a Name is made up where it is empty
	Unique      []schema.Unique     // the fields together are unique
	Checks      []schema.Check      // conditions kept by the database
	Permissions []schema.Permission // besides view, add, change and delete
	Latest      string              // field used by Latest and Earliest
}

// Metaer is implemented by models that have a Meta.
type Metaer interface{ Meta() Meta }

// Fielder is implemented by models that say more about their fields than GORM tags can. It is called once, on a zero
// value, while the model is registered.
type Fielder interface{ Fields(f *Fields) }

// Chooser is implemented by types that have a fixed list of values; fields of such a type need no Choices call.
type Chooser interface{ Choices() []schema.Choice }
