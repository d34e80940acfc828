package web_test

import (
	"fmt"
	"testing"

	"github.com/quintetgo/quintet/framework/web"
)

// TestTheFirstOfManyExpressionsWins has more routes with expressions side by side than fit a simple sort.
func TestTheFirstOfManyExpressionsWins(t *testing.T) {
	t.Parallel()
	r := web.NewRouter()
	for i := range 40 {
		r.Get(fmt.Sprintf("/x/{a:[a-z]{%d,}}", i+1), text(fmt.Sprint(i)))
		r.Get(fmt.Sprintf("/y/{a}.%d{b}", i), text(fmt.Sprint(i)))
	}
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	for target, want := range map[string]string{"/x/abcdefghijklmnop": "0", "/x/a": "0", "/y/a.7b": "7", "/y/a.12b": "1", "/y/a.3.2.1.x": "1"} {
		if got := body(t, do(t, r, "GET", target)); got != want {
			t.Errorf("%s: route %s, want %s", target, got, want)
		}
	}
}
