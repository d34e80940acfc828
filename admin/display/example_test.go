package display_test

import (
	"fmt"
	"time"

	"github.com/quintetgo/quintet/admin/display"
)

func ExamplePrinter_Value() {
	p := display.Printer{Limit: 20, Now: func() time.Time { return time.Date(2026, 12, 2, 20, 0, 0, 0, time.UTC) }}
	for _, value := range []any{true, 1234567, "A text that is longer than the limit", time.Date(2026, 12, 2, 17, 0, 0, 0, time.UTC), nil} {
		cell := p.Value(nil, value)
		fmt.Printf("%-6s %q\n", cell.Kind, cell.Text)
	}
	// Output:
	// bool   "Yes"
	// text   "1,234,567"
	// text   "A text that is long…"
	// time   "3 hours ago"
	// none   ""
}

func ExamplePrinter_Ago() {
	now := time.Date(2026, 12, 2, 20, 0, 0, 0, time.UTC)
	p := display.Printer{Now: func() time.Time { return now }}
	fmt.Println(p.Ago(now.Add(-20 * time.Minute)))
	fmt.Println(p.Ago(now.Add(-22 * time.Hour)))
	fmt.Println(p.Ago(now.AddDate(-1, 0, 0)))
	// Output:
	// 20 minutes ago
	// yesterday, 22:00
	// 2 Dec 2025
}

func ExampleDiff() {
	for _, part := range display.Diff("The night bus to Lille", "The night train to Lille") {
		fmt.Printf("%q %q\n", part.Op, part.Text)
	}
	// Output:
	// "" "The night "
	// "del" "bus"
	// "ins" "train"
	// "" " to Lille"
}

func ExampleCut() {
	fmt.Println(display.Cut("Night train to Lille", 12))
	// Output: Night train…
}
