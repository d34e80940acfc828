package forms_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/forms"
)

func post(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// upload makes a multipart request with a text value and files of name and content.
func upload(t *testing.T, files ...string) *http.Request {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	if err := w.WriteField("title", "T"); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(files); i += 2 {
		part, err := w.CreateFormFile("file", files[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(part, files[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	r := httptest.NewRequest(http.MethodPost, "/", &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return r
}

func TestParseRequests(t *testing.T) {
	t.Parallel()
	form := forms.Dynamic(&forms.Field{Name: "x"})
	if !form.Parse(post("x=a%20b&y=1")) || form.Value("x") != "a b" {
		t.Errorf("got %v, %v", form.Value("x"), form.Errors())
	}
	form = forms.Dynamic(&forms.Field{Name: "q"})
	if !form.Parse(httptest.NewRequest(http.MethodGet, "/?q=tea", nil)) || form.Value("q") != "tea" {
		t.Errorf("got %v", form.Value("q"))
	}
	form = forms.Dynamic(&forms.Field{Name: "q", Required: true})
	if form.Parse(post("q=%zz")) {
		t.Error("a broken body was taken")
	}
	r := httptest.NewRequest(http.MethodPost, "/?q=query", nil)
	if form.Parse(r) {
		t.Error("a POST took a value of its query string")
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*http.Request{
		"body":   post("x=" + strings.Repeat("a", 3<<20)),
		"fields": post(strings.Repeat("x=1&", 1001)),
		"files":  upload(t, strings.Split(strings.Repeat("f|c|", 101), "|")[:202]...),
	} {
		form := forms.Dynamic(&forms.Field{Name: "x"})
		if form.Parse(r) || len(form.Errors().Form()) != 1 {
			t.Errorf("%s: %v", name, form.Errors())
		}
	}
}

func TestFileValidation(t *testing.T) {
	t.Parallel()
	png := "\x89PNG\r\n\x1a\n" + strings.Repeat("x", 100)
	type doc struct {
		Title string
		File  *forms.File
	}
	tests := map[string]struct {
		name, content string
		want          string // the message, or the name kept
		ok            bool
	}{
		"good":           {"a.png", png, "a.png", true},
		"path":           {`C:\x\..\a.PNG`, png, "a.PNG", true},
		"empty":          {"a.png", "", "empty", false},
		"other content":  {"a.png", "<html><script>alert(1)</script>", "kind", false},
		"wrong ending":   {"a.html", png, "kind", false},
		"too large":      {"a.png", png + strings.Repeat("x", 2000), "at most 1 KB", false},
		"odd characters": {"a<b>\u202e.png", png, "ab.png", true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var d doc
			form := forms.New(&d)
			field, err := form.Field("file")
			if err != nil {
				t.Fatal(err)
			}
			field.Field().Accept, field.Field().MaxSize = []string{".png", "image/*"}, 1024
			ok := form.Parse(upload(t, test.name, test.content))
			if ok != test.ok {
				t.Fatalf("valid: %v, %v", ok, form.Errors())
			}
			if !ok {
				if got := form.Errors().Error(); !strings.Contains(got, test.want) {
					t.Errorf("got %s, want %s", got, test.want)
				}
				return
			}
			content, err := d.File.Open()
			if err != nil {
				t.Fatal(err)
			}
			defer content.Close()
			got, err := io.ReadAll(content)
			if err != nil || string(got) != test.content || d.File.Name != test.want {
				t.Errorf("got %q of %d bytes, %v", d.File.Name, len(got), err)
			}
		})
	}
	var d doc
	if form := forms.New(&d); !form.Parse(upload(t)) || d.File != nil || form.Enctype() != "multipart/form-data" {
		t.Errorf("an optional file: %v", form.Errors())
	}
}

func TestSeveralFiles(t *testing.T) {
	t.Parallel()
	var d struct {
		Title string
		File  []*forms.File
	}
	form := forms.New(&d)
	if !form.Parse(upload(t, "a.txt", "one", "b.txt", "two")) || len(d.File) != 2 || fmt.Sprint(d.File[1]) != "b.txt (3 bytes)" {
		t.Errorf("got %v, %v", d.File, form.Errors())
	}
}
