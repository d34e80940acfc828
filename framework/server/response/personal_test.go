package response_test

import (
	"net/http"
	"testing"

	"github.com/quintetgo/quintet/framework/server/response"
)

func TestPersonalKeepsSharedCachesOut(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		vary, cache         []string
		wantVary, wantCache string
	}{
		"nothing set":           {nil, nil, "Cookie", "private"},
		"another field":         {[]string{"Accept-Encoding"}, nil, "Accept-Encoding|Cookie", "private"},
		"there in another case": {[]string{"Accept , cookie"}, nil, "Accept , cookie", "private"},
		"any field, spaced":     {[]string{" * "}, nil, " * ", "private"},
		"a name that contains":  {[]string{"X-Cookie"}, nil, "X-Cookie|Cookie", "private"},
		"own choice":            {nil, []string{"public, max-age=60"}, "Cookie", "public, max-age=60"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{}
			if c.vary != nil {
				header["Vary"] = c.vary
			}
			if c.cache != nil {
				header["Cache-Control"] = c.cache
			}
			response.Personal(header)
			got := ""
			for i, line := range header["Vary"] {
				if i > 0 {
					got += "|"
				}
				got += line
			}
			if got != c.wantVary || header.Get("Cache-Control") != c.wantCache {
				t.Errorf("Vary %q, Cache-Control %q; want %q, %q", got, header.Get("Cache-Control"), c.wantVary, c.wantCache)
			}
		})
	}
}
