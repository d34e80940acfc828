package readings

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
)

// take stores a reading. It responds after the reading is in the database.
func (a App) take(w http.ResponseWriter, r *http.Request) error {
	reading, err := orm.New[Reading](a.DB)
	if err != nil {
		return err
	}
	reading.Key = r.PostFormValue("id")
	if text := r.PostFormValue("watts"); text != "" {
		if reading.Watts, err = strconv.ParseInt(text, 10, 64); err != nil {
			return web.BadRequest("watts: a number is wanted")
		}
	}
	if err := a.DB.Create(r.Context(), reading); err != nil {
		return err // a missing key: 422, with the reason
	}
	w.WriteHeader(http.StatusCreated)
	_, err = fmt.Fprintln(w, reading.Key)
	return err
}

// list shows the newest readings.
func (a App) list(w http.ResponseWriter, r *http.Request) error {
	newest, err := orm.From(a.DB, Readings).Limit(20).All(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, "readings/list.html", struct{ Readings []*Reading }{newest})
}

// keys lists the keys of all readings, one on a line.
func (a App) keys(w http.ResponseWriter, r *http.Request) error {
	all, err := orm.From(a.DB, Readings).All(r.Context())
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, reading := range all {
		fmt.Fprintln(&text, reading.Key)
	}
	return web.Text(w, text.String())
}
