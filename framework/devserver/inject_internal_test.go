package devserver

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestInjectorPutsTheTagOnce(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                          "#",
		"<p>x":                      "<p>x#",
		"<body>x</body></html>":     "<body>x#</body></html>",
		"<BODY>x</BODY ></html>":    "<BODY>x#</BODY ></html>",
		"a</bod</body></body></bo":  "a</bod#</body></body></bo",
		"İİ</body>":                 "İİ#</body>",
		"\xff\xfe</BODY>":           "\xff\xfe#</BODY>",
		strings.Repeat("<p>", 9000): strings.Repeat("<p>", 9000) + "#",
	} {
		for name, reader := range map[string]io.Reader{"whole": strings.NewReader(in), "bytes": iotest.OneByteReader(strings.NewReader(in)), "data and EOF": iotest.DataErrReader(strings.NewReader(in))} {
			got, err := io.ReadAll(&injector{source: io.NopCloser(reader), tag: []byte("#")})
			if err != nil || string(got) != want {
				t.Errorf("%s: %.40q became %.60q, %v", name, in, got, err)
			}
		}
	}
}

func TestInjectorPassesErrorsOn(t *testing.T) {
	t.Parallel()
	source := io.MultiReader(strings.NewReader("<p>half"), iotest.ErrReader(io.ErrUnexpectedEOF))
	got, err := io.ReadAll(&injector{source: io.NopCloser(source), tag: []byte("#")})
	if !errors.Is(err, io.ErrUnexpectedEOF) || string(got) != "<p>half" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestNonceComesFromThePolicy(t *testing.T) {
	t.Parallel()
	for policy, want := range map[string]string{
		"default-src 'self'; script-src 'nonce-aB3+/='": "aB3+/=", "default-src 'self'": "", "script-src 'nonce-\"><b'": "",
	} {
		if got := nonceOf([]string{policy}); got != want {
			t.Errorf("%s: %q, want %q", policy, got, want)
		}
	}
}

func TestProblemsHaveTheirPlace(t *testing.T) {
	t.Parallel()
	list := problems(t.TempDir(), "# example.com/p/blog\nblog/models.go:12:3: undefined: Pots\n./main.go:4: bad\n\tmore about it\nerror (templates.E001): home.go:13:1 (project): not a place\n/etc/passwd.go:1:1: outside\n")
	if len(list) != 3 || list[0].File != "blog/models.go" || list[0].Line != 12 || list[0].Column != 3 || list[1].File != "main.go" || list[1].Message != "bad\nmore about it" || list[2].Excerpt != nil {
		t.Errorf("got %+v", list)
	}
}

func FuzzProblems(f *testing.F) {
	f.Add("a.go:1:2: x\n\ty")
	f.Fuzz(func(t *testing.T, output string) {
		var page bytes.Buffer
		broken := &failure{Title: "x", Problems: problems(t.TempDir(), output), Output: output}
		if err := failurePage.Execute(&page, map[string]any{"Failure": broken, "Nonce": "n", "Script": "/s"}); err != nil {
			t.Fatal(err)
		}
		if strings.Count(page.String(), "<script") != 1 {
			t.Errorf("output is not escaped: %s", page.String())
		}
	})
}
