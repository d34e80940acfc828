package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/web"
)

// upper is a translator that shows where messages are rendered.
type upper struct{}

func (upper) Translate(m message.Message, _ int64) string { return "«" + m.Text + "»" }

func TestJSONErrorsHaveCodes(t *testing.T) {
	t.Parallel()
	limit := message.New("max_length", "At most {limit}.", message.Args{"limit": 3})
	fields := fieldErrors{"slug": {limit}, "": {message.Text("No.")}}
	for name, test := range map[string]struct {
		err  error
		want string
	}{
		"of the status":   {web.NotFound(""), `404 not_found "«There is nothing at this address.»" null`},
		"of a helper":     {web.Forbidden("Not {who}.", message.Args{"who": "you"}), `403 forbidden "«Not you.»" null`},
		"of the message":  {&web.Error{Status: 409, Message: message.New("gone", "It is gone.")}, `409 gone "«It is gone.»" null`},
		"without a code":  {&web.Error{Status: 409, Message: message.Text("It is gone.")}, `409 conflict "«It is gone.»" null`},
		"of a wrapped":    {fmt.Errorf("save: %w", fields), `422 invalid "«No.»; slug: «At most 3.»" {"":[{"message":"«No.»"}],"slug":[{"code":"max_length","message":"«At most 3.»","args":{"limit":3}}]}`},
		"of the only one": {fieldErrors{"slug": {limit}}, `422 max_length "slug: «At most 3.»" {"slug":[{"code":"max_length","message":"«At most 3.»","args":{"limit":3}}]}`},
	} {
		r := httptest.NewRequestWithContext(message.NewContext(context.Background(), upper{}), http.MethodGet, "/", nil)
		r.Header.Set("Accept", "application/json")
		w := httptest.NewRecorder()
		web.WriteError(w, r, test.err)
		var doc struct {
			Code, Detail string
			Errors       json.RawMessage
		}
		if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
		if len(doc.Errors) == 0 {
			doc.Errors = json.RawMessage("null")
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, doc.Errors); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%d %s %q %s", w.Code, doc.Code, doc.Detail, &compact); got != test.want {
			t.Errorf("%s: got %s\nwant %s", name, got, test.want)
		}
	}
}

// fieldErrors is an error with messages by field.
type fieldErrors map[string][]message.Message

func (fieldErrors) Error() string                               { return "invalid" }
func (fieldErrors) HTTPStatus() int                             { return http.StatusUnprocessableEntity }
func (e fieldErrors) FieldErrors() map[string][]message.Message { return e }
