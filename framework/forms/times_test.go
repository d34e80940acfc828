package forms_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/web"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	location, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return location
}

// TestTimesAroundClockChanges has times that are left out where clocks are put forward, and times that are shown
// twice where they are put back.
func TestTimesAroundClockChanges(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ zone, sent, want string }{ // want is in UTC, or a part of the message
		{"America/Los_Angeles", "2026-03-08T02:30", "does not exist"},
		{"America/Los_Angeles", "2026-03-08T02:00", "does not exist"},
		{"America/Los_Angeles", "2026-03-08T01:59:59", "2026-03-08T09:59:59Z"},
		{"America/Los_Angeles", "2026-03-08T03:00", "2026-03-08T10:00:00Z"},
		{"America/Los_Angeles", "2026-11-01T01:30", "2026-11-01T08:30:00Z"}, // the first of two
		{"America/Los_Angeles", "2026-11-01T01:30:00-08:00", "2026-11-01T09:30:00Z"},
		{"America/Los_Angeles", "2026-11-01T02:00", "2026-11-01T10:00:00Z"},
		{"Europe/Paris", "2026-03-29 02:15", "does not exist"},
		{"Europe/Paris", "2026-10-25 02:15", "2026-10-25T00:15:00Z"},
		{"Australia/Lord_Howe", "2026-10-04T02:15", "does not exist"}, // half an hour
		{"Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45:00Z"},
		{"America/Sao_Paulo", "2018-11-04", "does not exist"},  // midnight
		{"Pacific/Apia", "2011-12-30T12:00", "does not exist"}, // a whole day
		{"Pacific/Apia", "2011-12-31T00:00", "2011-12-30T10:00:00Z"},
		{"UTC", "2026-03-08T02:30", "2026-03-08T02:30:00Z"},
		{"America/Los_Angeles", "9999-12-31T23:59", "year"},
		{"America/Los_Angeles", "9999-12-31T15:59", "9999-12-31T23:59:00Z"},
		{"Asia/Tokyo", "9999-12-31T23:59", "9999-12-31T14:59:00Z"},
		{"Asia/Tokyo", "0001-01-01T08:00", "year"},
		{"UTC", "0000-06-01T08:00", "year"},
		{"UTC", "9999-12-31T23:59:59-01:00", "year"},
		{"UTC", "0001-01-01T00:00:00Z", "later"},
	} {
		form := forms.Dynamic(&forms.Field{Name: "at", Kind: forms.DateTime, Location: zone(t, test.zone)})
		valid := form.ParseValues(url.Values{"at": {test.sent}})
		if valid {
			if got := form.Value("at").(time.Time).UTC().Format(time.RFC3339); got != test.want {
				t.Errorf("%s in %s: got %s, want %s", test.sent, test.zone, got, test.want)
			}
		} else if got := form.Errors().Error(); !strings.Contains(got, test.want) {
			t.Errorf("%s in %s: got %s, want %s", test.sent, test.zone, got, test.want)
		}
	}
}

// TestZoneOfRequest shows and reads times, of forms that are rendered and of forms that were sent.
func TestZoneOfRequest(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 17, 22, 30, 0, 0, time.UTC)
	form := forms.Dynamic(&forms.Field{Name: "at", Kind: forms.DateTime, Initial: at})
	r := httptest.NewRequest(http.MethodGet, "/?at=2026-05-18T00:30", nil)
	r = r.WithContext(web.WithLocation(r.Context(), zone(t, "Europe/Paris")))
	if !form.Parse(r) || !form.Value("at").(time.Time).Equal(at) || len(form.Changed()) > 0 {
		t.Errorf("got %v, changed %v, %v", form.Value("at"), form.Changed(), form.Errors())
	}
	form = forms.Dynamic(&forms.Field{Name: "at", Kind: forms.DateTime, Initial: at})
	form.UseLocation(zone(t, "Asia/Tokyo"))
	if html := show(t, form); !strings.Contains(html, `value="2026-05-18T07:30"`) {
		t.Errorf("got %s", html)
	}
	form.Location = zone(t, "Europe/Paris") // its own wins
	if html := show(t, form); !strings.Contains(html, `value="2026-05-18T00:30"`) {
		t.Errorf("got %s", html)
	}
}

func TestDurationRoundTrip(t *testing.T) {
	t.Parallel()
	for _, d := range []time.Duration{0, 30 * time.Second, 15*time.Minute + 30*time.Second, 26 * time.Hour, -90 * time.Minute, 1500 * time.Millisecond, 111*time.Hour + time.Nanosecond} {
		form := forms.Dynamic(&forms.Field{Name: "d", Kind: forms.Duration, Initial: d})
		field, err := form.Field("d")
		if err != nil {
			t.Fatal(err)
		}
		shown := field.Value()
		if !form.ParseValues(url.Values{"d": {shown}}) || form.Value("d") != d || len(form.Changed()) > 0 {
			t.Errorf("%v is shown as %q and read as %v, changed %v", d, shown, form.Value("d"), form.Changed())
		}
	}
}
