package decimal_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/quintetgo/quintet/orm/internal/decimal"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"0": "0.00", "-0.00": "0.00", "9.5": "9.50", "-9.50": "-9.50", "+3": "3.00", ".5": "0.50", "5.": "5.00", "007.10": "7.10",
		"1234567.891": "1234567.891", "-0.001": "-0.001", " 12 ": "12.00", "99999999999999999999.99": "99999999999999999999.99",
	} {
		n, ok := decimal.Parse(text)
		if !ok || n.Text(2) != want {
			t.Errorf("Parse(%q) = %q, %v; want %q", text, n.Text(2), ok, want)
		}
	}
	for _, text := range []string{"", "-", ".", "abc", "NaN", "Inf", "1,5", "1e3", "12 EUR", "1_000", "0x10", "--1", "1.2.3", "٣", "−5", "1 0"} {
		if n, ok := decimal.Parse(text); ok {
			t.Errorf("Parse(%q) = %s; want it refused", text, n)
		}
	}
	for text, want := range map[string]string{"1e3": "1000", "1.5E-3": "0.0015", "12.5e1": "125", "1e0": "1", "0e400": "0"} {
		if n, ok := decimal.ParseScientific(text); !ok || n.String() != want {
			t.Errorf("ParseScientific(%q) = %s, %v; want %s", text, n, ok, want)
		}
	}
	for _, text := range []string{"1e401", "1e", "e5", "1e5.5"} {
		if n, ok := decimal.ParseScientific(text); ok {
			t.Errorf("ParseScientific(%q) = %s; want it refused", text, n)
		}
	}
}

func TestRound(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text  string
		scale int
		want  string
	}{
		{"1.005", 2, "1.01"},
		{"1.004", 2, "1"},
		{"-1.005", 2, "-1.01"},
		{"9.995", 2, "10"},
		{"0.004", 2, "0"},
		{"0.005", 2, "0.01"},
		{"-0.0004", 3, "0"},
		{"2.5", 0, "3"},
		{"0.5", 0, "1"},
		{"99.99", 1, "100"},
		{"3", 2, "3"},
		{"0.0049", 1, "0"},
	} {
		n, _ := decimal.Parse(test.text)
		if got := n.Round(test.scale).String(); got != test.want {
			t.Errorf("%s rounded to %d is %s, want %s", test.text, test.scale, got, test.want)
		}
	}
	for _, test := range []struct {
		text  string
		count int
		want  string
	}{
		{"0.30000000000000004", 15, "0.3"}, {"12345", 3, "12300"}, {"12355", 3, "12400"}, {"99999", 3, "100000"}, {"1234.5", 2, "1200"}, {"0.00012345", 3, "0.000123"}, {"7", 3, "7"},
	} {
		n, _ := decimal.Parse(test.text)
		if got := n.RoundSignificant(test.count).String(); got != test.want {
			t.Errorf("%s rounded to %d digits is %s, want %s", test.text, test.count, got, test.want)
		}
	}
}

func TestCounts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][3]int{"1234.50": {4, 1, 5}, "0.001": {0, 3, 1}, "1000": {4, 0, 1}, "0": {0, 0, 0}, "-12.34": {2, 2, 4}} {
		n, _ := decimal.Parse(text)
		if got := [3]int{n.Whole(), n.Scale(), n.Significant()}; got != want {
			t.Errorf("%s: whole, scale and significant digits are %v, want %v", text, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"9.50", "-0.001", "1e3", "12,5", "+.5", "1E-400", "99999999999999.99"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, ok := decimal.ParseScientific(text)
		if !ok {
			return
		}
		again, ok := decimal.Parse(n.Text(3))
		if !ok || again.Text(3) != n.Text(3) {
			t.Fatalf("%q is written as %q and read back as %q, %v", text, n.Text(3), again.Text(3), ok)
		}
		exact, ok := new(big.Rat).SetString(n.String())
		if !ok {
			t.Fatalf("%q is written as %q", text, n)
		}
		rounded, _ := new(big.Rat).SetString(n.Round(2).String())
		if diff := exact.Sub(exact, rounded); diff.Abs(diff).Cmp(big.NewRat(5, 1000)) > 0 {
			t.Errorf("%q is rounded to %s", text, n.Round(2))
		}
	})
}

func FuzzFromFloat(f *testing.F) {
	for _, x := range []float64{0, 0.1, 1e22, 1.5e-300, 1234567.89, math.MaxFloat64, math.SmallestNonzeroFloat64} {
		f.Add(x)
	}
	f.Fuzz(func(t *testing.T, x float64) {
		n, ok := decimal.FromFloat(x)
		if finite := !math.IsNaN(x) && !math.IsInf(x, 0); ok != finite {
			t.Fatalf("FromFloat(%v): %v", x, ok)
		}
		if ok && n.Float64() != x {
			t.Errorf("%v becomes %s, which is %v", x, n, n.Float64())
		}
	})
}
