package duration_test

import (
	"fmt"

	"github.com/quintetgo/quintet/framework/duration"
)

// Parse the notations that users and other programs write.
func ExampleParse() {
	for _, text := range []string{"15:30", "4 days, 15:30:01", "P1DT2H", "1h30m", "tomorrow"} {
		d, err := duration.Parse(text)
		fmt.Println(d, err)
	}
	// Output:
	// 15m30s <nil>
	// 111h30m1s <nil>
	// 26h0m0s <nil>
	// 1h30m0s <nil>
	// 0s "tomorrow" is not a duration; write it like 15:30:01, 4 days, 15:30:01, 1h30m or P1DT2H
}

// Format a duration as forms show it.
func ExampleFormat() {
	d, _ := duration.Parse("P4DT15H30M")
	fmt.Println(duration.Format(d))
	// Output: 4 15:30:00
}
