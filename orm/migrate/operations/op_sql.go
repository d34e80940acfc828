package operations

// RunSQL runs SQL. Forward and Backward may contain several statements.
type RunSQL struct {
	Forward  string
	Backward string // "" makes the migration irreversible; NoSQL undoes it by doing nothing
	// State describes the effect of the SQL on the models, if any.
	State []Operation
	// Dialects holds other SQL for some databases, by name ("sqlite", "postgres", "mysql").
	Dialects map[string]SQLPair
	// Model is the model whose table the SQL is about, for an app with models in several databases: "Post", or "blog.Post" of
	// another app. The SQL runs in the databases that have this table; without a Model in all that have a table of the app.
	Model string
}

// SQLPair is the SQL of [RunSQL] for one database.
type SQLPair struct{ Forward, Backward string }

// NoSQL is the Forward or Backward of a [RunSQL] that does nothing.
const NoSQL = "--"

// For returns the SQL for a database.
func (op RunSQL) For(dialect string) SQLPair {
	if pair, ok := op.Dialects[dialect]; ok {
		return pair
	}
	return SQLPair{op.Forward, op.Backward}
}

// Apply implements [Operation].
func (op RunSQL) Apply(app string, s *State) error {
	for _, o := range op.State {
		if err := o.Apply(app, s); err != nil {
			return err
		}
	}
	return nil
}

// Describe implements [Operation].
func (op RunSQL) Describe() string { return "Run SQL" }
