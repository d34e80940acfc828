package orm

import (
	"cmp"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"regexp"
	"time"
	"unicode/utf8"

	"github.com/quintetgo/quintet/framework/message"
)

// Timestamps may be embedded in models that record when a row was created and last written. Create sets both, and Save,
// SaveFields and CreateAll the second.
type Timestamps struct {
	CreatedAt time.Time
	UpdatedAt time.Time
}

// JSON is a field that is stored as JSON: in a column of the database's JSON type if it has one, else as text. The zero
// value holds T's zero value. For a column that accepts NULL use *JSON[T].
type JSON[T any] struct{ Data T }

// NewJSON returns a field that holds data.
func NewJSON[T any](data T) JSON[T] { return JSON[T]{data} }

// GormDataType returns "json", the column type for GORM.
func (JSON[T]) GormDataType() string { return "json" }

// Value returns the data encoded for the database.
func (j JSON[T]) Value() (driver.Value, error) {
	data, err := json.Marshal(j.Data)
	return string(data), err
}

// Scan decodes a value of the database; NULL becomes the zero value.
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

// MarshalJSON returns the data encoded without the struct around it.
func (j JSON[T]) MarshalJSON() ([]byte, error) { return json.Marshal(j.Data) }

// UnmarshalJSON decodes the data without the struct around it.
func (j *JSON[T]) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, &j.Data) }

// MinLen returns a validator for text of at least n characters. Its message has the code "min_length".
func MinLen(n int) func(string) error {
	return func(s string) error {
		length := utf8.RuneCountInString(s)
		if length >= n {
			return nil
		}
		return message.Message{
			Code: "min_length", Text: "Use at least {limit} character (this has {length}).",
			Plural: "Use at least {limit} characters (this has {length}).", Count: "limit",
			Args: message.Args{"limit": n, "length": length},
		}
	}
}

// MaxLen returns a validator for text of at most n characters. Its message has the code "max_length".
func MaxLen(n int) func(string) error {
	return func(s string) error {
		length := utf8.RuneCountInString(s)
		if length <= n {
			return nil
		}
		return message.Message{
			Code: "max_length", Text: "Use at most {limit} character (this has {length}).",
			Plural: "Use at most {limit} characters (this has {length}).", Count: "limit",
			Args: message.Args{"limit": n, "length": length},
		}
	}
}

// Matches returns a validator for text that contains a match of pattern; anchor it with ^ and $ to match the whole
// text. text is the user-facing message, with the code "invalid".
func Matches(pattern *regexp.Regexp, text string) func(string) error {
	return func(s string) error {
		if pattern.MatchString(s) {
			return nil
		}
		return message.New("invalid", text)
	}
}

// AtLeast returns a validator for values that are not less than limit. Its message has the code "min_value".
func AtLeast[T cmp.Ordered](limit T) func(T) error {
	return func(v T) error {
		if v >= limit {
			return nil
		}
		return message.New("min_value", "This must be at least {limit}.", message.Args{"limit": limit})
	}
}

// AtMost returns a validator for values that are not greater than limit. Its message has the code "max_value".
func AtMost[T cmp.Ordered](limit T) func(T) error {
	return func(v T) error {
		if v <= limit {
			return nil
		}
		return message.New("max_value", "This must be at most {limit}.", message.Args{"limit": limit})
	}
}
