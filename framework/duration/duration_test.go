package duration_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/duration"
)

const day = 24 * time.Hour

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"30": 30 * time.Second, "30.1": 30*time.Second + 100*time.Millisecond, "30,25": 30*time.Second + 250*time.Millisecond,
		"15:30": 15*time.Minute + 30*time.Second, "15:30.0001": 15*time.Minute + 30*time.Second + 100*time.Microsecond,
		"5:30": 5*time.Minute + 30*time.Second, "10:15:30": 10*time.Hour + 15*time.Minute + 30*time.Second,
		"100:200:300": 100*time.Hour + 200*time.Minute + 300*time.Second,
		"4 15:30":     4*day + 15*time.Minute + 30*time.Second, "4 10:15:30": 4*day + 10*time.Hour + 15*time.Minute + 30*time.Second,
		"4 days, 15:30:01": 4*day + 15*time.Hour + 30*time.Minute + time.Second, "1 day, 0:00:01": day + time.Second,
		"1 day 02:03:04": day + 2*time.Hour + 3*time.Minute + 4*time.Second, "3 days": 3 * day, "1 day": day,
		"-172800": -2 * day, "-15:30": -(15*time.Minute + 30*time.Second), "-1:15:30": -(time.Hour + 15*time.Minute + 30*time.Second),
		"-30.1": -(30*time.Second + 100*time.Millisecond), "-4 15:30": -4*day + 15*time.Minute + 30*time.Second,
		"-1 day, 23:30:00": -30 * time.Minute, "-00:01:01": -(time.Minute + time.Second), "+30": 30 * time.Second, "1 -0:30": day - 30*time.Second,
		"P1DT2H": day + 2*time.Hour, "P4D": 4 * day, "-P1D": -day, "P0.5D": 12 * time.Hour, "P0,5D": 12 * time.Hour, "PT5M": 5 * time.Minute,
		"PT0.000005S": 5 * time.Microsecond, "P2W": 14 * day, "P1DT2H3M4.5S": day + 2*time.Hour + 3*time.Minute + 4500*time.Millisecond,
		"1h30m": 90 * time.Minute, "1h 30m": 90 * time.Minute, "90s": 90 * time.Second, "-1.5h": -90 * time.Minute, "250ms": 250 * time.Millisecond,
		" 1:30:00 ": 90 * time.Minute, "0": 0, "0.000000001": 1, "9223372036.854775807": math.MaxInt64, "-9223372036.854775808": math.MinInt64,
	} {
		if got, err := duration.Parse(text); err != nil || got != want {
			t.Errorf("Parse(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "write it like", "abc": "write it like", "15:": "write it like", ":30": "write it like", "15:-30": "write it like", "1:2:3:4": "write it like",
		"12 EUR": "write it like", "1 2h": "write it like", "1e5": "write it like", "NaN": "write it like", "P": "write it like", "PT": "write it like",
		"P1H": "write it like", "٣": "write it like", "4 days, ": "write it like", "1,000,000": "write it like", "5 minutes": "write it like",
		"P4Y": "years and months", "P1Y2M": "years and months", "P1M": "years and months",
		"9223372036.854775808": "too long", "106752 days": "too long", "9999999h": "too long", "0.0000000001": "more precise than a nanosecond", "PT0.0000000001S": "more precise",
		strings.Repeat("9", 1000): "write it like",
	} {
		got, err := duration.Parse(text)
		if _, ok := errors.AsType[*duration.Error](err); !ok || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%q) = %v, %v; want an error with %q", text, got, err, want)
		}
	}
}

func TestFormat(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0: "00:00:00", 30 * time.Second: "00:00:30", 90 * time.Minute: "01:30:00", 4*day + 15*time.Hour + 30*time.Minute + time.Second: "4 15:30:01",
		day: "1 00:00:00", 1500 * time.Millisecond: "00:00:01.5", time.Nanosecond: "00:00:00.000000001", -30 * time.Minute: "-00:30:00",
		-26 * time.Hour: "-26:00:00", -time.Nanosecond: "-00:00:00.000000001",
	} {
		if got := duration.Format(d); got != want {
			t.Errorf("Format(%d) = %q, want %q", d, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"30", "-4 15:30:01.5", "4 days, 1:00", "P1DT2H", "1h30m", "-P0,5D", "P1Y", "3 days"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := duration.Parse(text)
		if err != nil {
			return
		}
		if back, err := duration.Parse(duration.Format(d)); err != nil || back != d {
			t.Errorf("%q is %d, written as %q, read back as %d, %v", text, d, duration.Format(d), back, err)
		}
	})
}

func FuzzFormat(f *testing.F) {
	for _, n := range []int64{0, 1, -1, math.MaxInt64, math.MinInt64, int64(day), -int64(day)} {
		f.Add(n)
	}
	f.Fuzz(func(t *testing.T, n int64) {
		d := time.Duration(n)
		if back, err := duration.Parse(duration.Format(d)); err != nil || back != d {
			t.Errorf("%d is written as %q, read back as %d, %v", d, duration.Format(d), back, err)
		}
	})
}
