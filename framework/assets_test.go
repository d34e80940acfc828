package framework_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/quintetgo/quintet/framework"
)

type assetsApp struct{ files fs.FS }

func (assetsApp) Name() string    { return "shop" }
func (a assetsApp) Assets() fs.FS { return a.files }

var _ framework.AssetsApp = assetsApp{}

func TestAssetsWithoutFolders(t *testing.T) {
	t.Parallel()
	const none = "its Assets have no folder templates, static or locale"
	for name, c := range map[string]struct {
		files fs.FS
		want  string // "" for no problem
	}{
		"templates only":         {fstest.MapFS{"templates/shop/a.html": {}}, ""},
		"locale only":            {fstest.MapFS{"locale/de.po": {}}, ""},
		"other files beside":     {fstest.MapFS{"static/a.css": {}, "README.md": {}}, ""},
		"nil":                    {nil, "its Assets are nil"},
		"empty":                  {fstest.MapFS{}, none + "; they are empty"},
		"rooted too deep":        {fstest.MapFS{"shop/a.html": {}}, none + `, but "shop"`},
		"a file named templates": {fstest.MapFS{"templates": {}}, none + `, but "templates"`},
	} {
		p := framework.New(framework.Settings{Logger: quiet()}, assetsApp{c.files})
		got := ""
		if err := p.Err(); err != nil {
			got = err.Error()
		}
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	p := framework.New(framework.Settings{Logger: quiet(), Assets: fstest.MapFS{}})
	if err := p.Err(); err == nil || !strings.Contains(err.Error(), "Settings.Assets") {
		t.Errorf("empty assets of the project: %v", err)
	}
}
