package orm

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
)

// JSON is a field that is stored as JSON: a column of the database's JSON type where it has one, else text. The zero
// value holds T's zero value. For a column that takes NULL use *JSON[T].
type JSON[T any] struct{ Data T }

// NewJSON wraps a value.
func NewJSON[T any](data T) JSON[T] { return JSON[T]{data} }

// GormDataType names the storage for GORM.
func (JSON[T]) GormDataType() string { return "json" }

// Value encodes the data for the database.
func (j JSON[T]) Value() (driver.Value, error) {
	data, err := json.Marshal(j.Data)
	return string(data), err
}

// Scan decodes what the database holds; NULL becomes the zero value.
func (j *JSON[T]) Scan(src any) error {
	var zero T
	j.Data = zero
	switch v := src.(type) {
	case nil:
		return nil
	case string:
		return json.Unmarshal([]byte(v), &j.Data)
	case []byte:
		return json.Unmarshal(v, &j.Data)
	}
	return fmt.Errorf("orm: cannot read JSON from a %T", src)
}

// MarshalJSON encodes the data alone.
func (j JSON[T]) MarshalJSON() ([]byte, error) { return json.Marshal(j.Data) }

// UnmarshalJSON decodes the data alone.
func (j *JSON[T]) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, &j.Data) }
