package orm

import (
	"cmp"
	"fmt"
	"regexp"
	"unicode/utf8"
)

// invalidf makes an error whose text people are shown.
func invalidf(format string, args ...any) error { return Invalid("", fmt.Sprintf(format, args...)) }

// MinLen wants at least n characters.
func MinLen(n int) func(string) error {
	return func(s string) error {
		if got := utf8.RuneCountInString(s); got < n {
			return invalidf("Use at least %d characters (this has %d).", n, got)
		}
		return nil
	}
}

// MaxLen wants at most n characters.
func MaxLen(n int) func(string) error {
	return func(s string) error {
		if got := utf8.RuneCountInString(s); got > n {
			return invalidf("Use at most %d characters (this has %d).", n, got)
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
			return invalidf("This must be at least %v.", limit)
		}
		return nil
	}
}

// AtMost wants a value that is not above the limit.
func AtMost[T cmp.Ordered](limit T) func(T) error {
	return func(v T) error {
		if v > limit {
			return invalidf("This must be at most %v.", limit)
		}
		return nil
	}
}
