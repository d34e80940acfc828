package locale

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// ErrDate is the error of text that is not a date in the locale's form.
var ErrDate = errors.New("not a date")

// maxInput is how many bytes of input are looked at: no date or number that a person types is longer.
const maxInput = 400

// ParseDate reads a day as [Locale.Date] writes it with [Input], or in ISO 8601: "31.12.2026" or "2026-12-31". Separators
// may be any punctuation or space, zeros in front are optional, a year of two digits is the nearest one to now that is not
// more than 20 years ahead, and digits may be those of any script. The result is at midnight in UTC. Errors match [ErrDate].
func (l *Locale) ParseDate(input string, now time.Time) (time.Time, error) {
	text := clean(input)
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day, nil
	}
	numbers, ok := l.numbersOf(text)
	if !ok || len(numbers) != 3 {
		return time.Time{}, fmt.Errorf("%w: want the form %s", ErrDate, l.DateHint())
	}
	values := map[byte]int{}
	i := 0
	for _, part := range split(l.data.DateInput) {
		letter := part.letter
		if letter == 'L' {
			letter = 'M'
		}
		if letter == 'y' || letter == 'M' || letter == 'd' {
			if n := numbers[i]; letter == 'y' && n.width == 2 {
				values['y'] = nearYear(n.value, now)
			} else {
				values[letter] = n.value
			}
			i++
		}
	}
	day := time.Date(values['y'], time.Month(values['M']), values['d'], 0, 0, 0, 0, time.UTC)
	if day.Year() != values['y'] || int(day.Month()) != values['M'] || day.Day() != values['d'] || values['y'] < 1 {
		return time.Time{}, fmt.Errorf("%w: there is no such day", ErrDate)
	}
	return day, nil
}

// DateHint returns an example of the form that [Locale.ParseDate] reads, such as "31.12.2026".
func (l *Locale) DateHint() string {
	return l.Date(time.Date(2026, time.December, 31, 0, 0, 0, 0, time.UTC), Input)
}

// nearYear returns the year with the given last two digits from 79 years ago to 20 years ahead.
func nearYear(two int, now time.Time) int {
	year := now.Year() - now.Year()%100 + two
	switch {
	case year > now.Year()+20:
		return year - 100
	case year <= now.Year()-80:
		return year + 100
	}
	return year
}

// digitRun is a number in a date with the count of its digits.
type digitRun struct{ value, width int }

// numbersOf returns the runs of digits in text, which must be separated by at most three other characters. Letters are those
// that the locale's own form has, as in "31.12.2026 г.".
func (l *Locale) numbersOf(text string) ([]digitRun, bool) {
	var runs []digitRun
	inside, between := false, 0
	for _, r := range text {
		if r >= '0' && r <= '9' {
			if !inside {
				runs = append(runs, digitRun{})
			}
			last := &runs[len(runs)-1]
			last.value, last.width = last.value*10+int(r-'0'), last.width+1
			if last.width > 4 || len(runs) > 3 {
				return nil, false
			}
			inside, between = true, 0
			continue
		}
		between++
		if unicode.IsLetter(r) && !isDateWord(r) && !strings.ContainsRune(l.data.DateInput, r) || between > 3 || len(runs) == 0 {
			return nil, false
		}
		inside = false
	}
	return runs, true
}

// isDateWord reports whether a letter takes the place of a separator: those of Chinese and Japanese, and of Korean.
func isDateWord(r rune) bool { return strings.ContainsRune("年月日년월일", r) }

// clean returns input without space around it and without marks of direction, and with the digits 0 to 9 for those of
// other scripts. Input that is too long becomes "".
func clean(input string) string {
	if len(input) > maxInput {
		return ""
	}
	text := strings.Map(func(r rune) rune {
		switch {
		case r == '\u200e' || r == '\u200f' || r == '\u061c' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069':
			return -1
		case r > unicode.MaxASCII && unicode.Is(unicode.Nd, r):
			return '0' + digitOf(r)
		}
		return r
	}, input)
	return strings.TrimSpace(text)
}

// digitOf returns the value of a decimal digit of any script. Unicode encodes these in runs of ten that begin with zero.
func digitOf(r rune) rune {
	for _, table := range unicode.Nd.R16 {
		if r >= rune(table.Lo) && r <= rune(table.Hi) {
			return (r - rune(table.Lo)) % 10
		}
	}
	for _, table := range unicode.Nd.R32 {
		if r >= rune(table.Lo) && r <= rune(table.Hi) { //nolint:gosec // code points fit
			return (r - rune(table.Lo)) % 10 //nolint:gosec // code points fit
		}
	}
	return 0
}
