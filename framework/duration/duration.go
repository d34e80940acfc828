// Package duration parses and formats durations in the notations that users and other programs write.
//
// Forms show the text of [Format]. [Parse] accepts it, and the other notations in common use.
package duration

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"time"
)

// Error reports a text that is not a duration.
type Error struct {
	Text   string // the parsed text
	Reason string // the reason; "" if the text matches none of the notations
}

// Error returns the text with the reason, or with examples of valid notations.
func (e *Error) Error() string {
	text := e.Text
	if r := []rune(text); len(r) > 60 {
		text = string(r[:60]) + "…"
	}
	if e.Reason != "" {
		return fmt.Sprintf("%q is not a duration: %s", text, e.Reason)
	}
	return fmt.Sprintf("%q is not a duration; write it like 15:30:01, 4 days, 15:30:01, 1h30m or P1DT2H", text)
}

// maxText is the maximum length of a text in bytes.
const maxText = 100

const day = 24 * time.Hour

//nolint:gochecknoglobals // compiled once
var (
	dayPart  = regexp.MustCompile(`^([+-]?)(\d+)(?:\s*days?\b,?)?\s+(\S+)$`)
	onlyDays = regexp.MustCompile(`^([+-]?)(\d+)\s*days?$`)
	clock    = regexp.MustCompile(`^([+-]?)(?:(?:(\d+):)?(\d+):)?(\d+(?:[.,]\d+)?)$`)
	goUnits  = regexp.MustCompile(`^[+-]?(?:\s*\d+(?:\.\d+)?(?:ns|us|µs|μs|ms|s|m|h))+$`)
	iso8601  = regexp.MustCompile(`^([+-]?)P(?:(\d+(?:[.,]\d+)?)W)?(?:(\d+(?:[.,]\d+)?)D)?` +
		`(?:T(?:(\d+(?:[.,]\d+)?)H)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$`)
	calendar = regexp.MustCompile(`^[+-]?P(?:\d+(?:[.,]\d+)?[YM])+`)
)

// Parse parses a duration in one of these notations, each with an optional sign:
//
//   - seconds, minutes and seconds, or hours, minutes and seconds: 30, 15:30, 1:15:30, with fractions of a second: 30.5;
//   - the same after a number of days, which has a separate sign: 4 15:30:01, 4 days, 15:30:01, and 4 days alone;
//   - ISO 8601 with weeks, days, hours, minutes and seconds: P1DT2H, PT0.5S;
//   - Go's units: 1h30m, 90s.
//
// The error is an [*Error], also for a text that is more precise than a nanosecond or exceeds the range of
// [time.Duration].
func Parse(text string) (time.Duration, error) {
	s := strings.TrimSpace(text)
	if s == "" || len(s) > maxText {
		return 0, &Error{Text: text}
	}
	if m := iso8601.FindStringSubmatch(s); m != nil && s[len(s)-1] != 'P' && s[len(s)-1] != 'T' {
		return total(text, m[1],
			part{m[2], 7 * day}, part{m[3], day}, part{m[4], time.Hour}, part{m[5], time.Minute}, part{m[6], time.Second})
	}
	if m := clock.FindStringSubmatch(s); m != nil {
		return total(text, m[1], clockParts(m)...)
	}
	if m := onlyDays.FindStringSubmatch(s); m != nil {
		return total(text, m[1], part{m[2], day})
	}
	if m := dayPart.FindStringSubmatch(s); m != nil {
		if c := clock.FindStringSubmatch(m[3]); c != nil {
			return daysAnd(text, m[1], m[2], c)
		}
	}
	if goUnits.MatchString(s) {
		d, err := time.ParseDuration(strings.Join(strings.Fields(s), ""))
		if err != nil {
			return 0, &Error{text, "it is too long"}
		}
		return d, nil
	}
	if calendar.MatchString(s) {
		return 0, &Error{text, "years and months vary in length; use days"}
	}
	return 0, &Error{Text: text}
}

// part is a number of units.
type part struct {
	number string // "" for none
	unit   time.Duration
}

func clockParts(m []string) []part {
	return []part{{m[2], time.Hour}, {m[3], time.Minute}, {m[4], time.Second}}
}

// total adds up parts exactly.
func total(text, sign string, parts ...part) (time.Duration, error) {
	sum, err := add(text, sign, parts)
	if err != nil {
		return 0, err
	}
	return fit(text, sum)
}

// daysAnd adds a time with its sign to days with theirs.
func daysAnd(text, sign, days string, c []string) (time.Duration, error) {
	sum, err := add(text, sign, []part{{days, day}})
	if err != nil {
		return 0, err
	}
	rest, err := add(text, c[1], clockParts(c))
	if err != nil {
		return 0, err
	}
	return fit(text, sum.Add(sum, rest))
}

func add(text, sign string, parts []part) (*big.Rat, error) {
	sum := new(big.Rat)
	for _, p := range parts {
		if p.number == "" {
			continue
		}
		n, ok := new(big.Rat).SetString(strings.Replace(p.number, ",", ".", 1))
		if !ok {
			return nil, &Error{Text: text}
		}
		sum.Add(sum, n.Mul(n, new(big.Rat).SetInt64(int64(p.unit))))
	}
	if sign == "-" {
		sum.Neg(sum)
	}
	return sum, nil
}

func fit(text string, sum *big.Rat) (time.Duration, error) {
	if !sum.IsInt() {
		return 0, &Error{text, "it is more precise than a nanosecond"}
	}
	if !sum.Num().IsInt64() {
		return 0, &Error{text, "it is too long"}
	}
	return time.Duration(sum.Num().Int64()), nil
}

// Format returns a duration in a notation that [Parse] accepts: 00:00:30, 15:30:01.5, and with days 4 15:30:01. A
// negative duration has a minus sign and no days, because a sign before days applies to the days only: -00:30:00,
// -26:00:00.
func Format(d time.Duration) string {
	var b strings.Builder
	n := uint64(d)
	if d < 0 {
		b.WriteByte('-')
		n = -n
	}
	seconds, fraction := n/uint64(time.Second), n%uint64(time.Second)
	hours := seconds / 3600
	if days := hours / 24; days > 0 && d > 0 {
		fmt.Fprintf(&b, "%d ", days)
		hours %= 24
	}
	fmt.Fprintf(&b, "%02d:%02d:%02d", hours, seconds/60%60, seconds%60)
	if fraction > 0 {
		b.WriteString(strings.TrimRight(fmt.Sprintf(".%09d", fraction), "0"))
	}
	return b.String()
}
