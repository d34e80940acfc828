package orm

import (
	"cmp"
	"fmt"
	"regexp"
	"unicode/utf8"
)

// MinLen wants at least n characters.
func MinLen(n int) func(string) error {
	return func(s string) error {
		if got := utf8.RuneCountInString(s); got < n {
			return fmt.Errorf("Use at least %d characters (this has %d).", n, got) //nolint:revive // shown to people
		}
		return nil
	}
}

// MaxLen wants at most n characters.
func MaxLen(n int) func(string) error {
	return func(s string) error {
		if got := utf8.RuneCountInString(s); got > n {
			return fmt.Errorf("Use at most %d characters (this has %d).", n, got) //nolint:revive // shown to people
		}
		return nil
	}
}

// Matches wants a text that the pattern matches; message is what people are told otherwise.
func Matches(pattern *regexp.Regexp, message string) func(string) error {
	return func(s string) error {
		if !pattern.MatchString(s) {
			return Invalid("", message)
		}
		return nil
	}
}

// AtLeast wants a value that is not below the limit.
func AtLeast[T cmp.Ordered](limit T) func(T) error {
	return func(v T) error {
		if v < limit {
			return fmt.Errorf("This must be at least %v.", limit) //nolint:revive // shown to people
		}
		return nil
	}
}

// AtMost wants a value that is not above the limit.
func AtMost[T cmp.Ordered](limit T) func(T) error {
	return func(v T) error {
		if v > limit {
			return fmt.Errorf("This must be at most %v.", limit) //nolint:revive // shown to people
		}
		return nil
	}
}
