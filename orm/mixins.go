package orm

import "time"

// Timestamps may be embedded in models that keep when a row was created and last written. Create and Save set both.
type Timestamps struct {
	CreatedAt time.Time
	UpdatedAt time.Time
}
