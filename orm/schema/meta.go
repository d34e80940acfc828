package schema

// Meta is what a model says about itself as a whole. Every field may be left zero.
type Meta struct {
	Label       string       // "post"; derived from the type's name by default
	LabelPlural string       // "posts"; Label with an s by default
	Table       string       // "blog_post"; app and model name by default
	Ordering    []string     // default order of queries, "-created_at"
	Indexes     []Index      // a Name is made up where it is empty
	Unique      []Unique     // the fields together are unique
	Checks      []Check      // conditions kept by the database
	Permissions []Permission // besides view, add, change and delete
	Latest      string       // field used by Latest and Earliest
}

// Metaer is implemented by models that have a Meta.
type Metaer interface{ Meta() Meta }

// Fielder is implemented by models that say more about their fields than GORM tags can. It is called once, on a zero
// value, while the model is registered.
type Fielder interface{ Fields(f *Fields) }
