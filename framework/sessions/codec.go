package sessions

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"
)

// document is the JSON of a record: when the session began, when it was stored, and its values.
type document struct {
	Since  int64          `json:"t"`           // Unix seconds
	Stored int64          `json:"u,omitempty"` // Unix seconds; 0 in records of earlier versions
	Values map[string]any `json:"v"`
}

func encode(since, stored time.Time, values map[any]any) ([]byte, error) {
	doc := document{Since: since.Unix(), Stored: stored.Unix(), Values: make(map[string]any, len(values))}
	for key, value := range values {
		if name, ok := key.(string); ok {
			doc.Values[name] = value
		}
	}
	return json.Marshal(doc)
}

func decode(data []byte) (document, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var doc document
	if err := decoder.Decode(&doc); err != nil {
		return document{}, fmt.Errorf("read session data: %w", err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return document{}, fmt.Errorf("read session data: text after the document")
	}
	for key, value := range doc.Values {
		doc.Values[key] = plain(value)
	}
	return doc, nil
}

// clockSkew is how far the clocks of two servers may differ.
const clockSkew = 5 * time.Minute

// end returns when the record of doc ends at the latest, and whether it is genuine: a session that was begun or stored
// in the future was made while the clock was ahead, and would outlive its age by that time.
func (doc document) end(expires, now time.Time, o Options) (end time.Time, genuine bool) {
	since, stored := time.Unix(doc.Since, 0), time.Unix(doc.Stored, 0)
	if doc.Stored == 0 { // of an earlier version
		stored = now
	}
	latest := now.Add(clockSkew)
	if since.After(latest) || stored.After(latest) {
		return time.Time{}, false
	}
	for _, limit := range []time.Time{stored.Add(o.MaxAge), since.Add(o.Lifetime)} {
		if limit.Before(expires) {
			expires = limit
		}
	}
	return expires, true
}

// plain replaces the json.Numbers in a decoded value: by int64 if they are integral, else by
// float64.
func plain(value any) any {
	switch v := value.(type) {
	case json.Number:
		if n, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return n
		}
		f, _ := v.Float64()
		if f == math.Trunc(f) && math.Abs(f) < 1<<53 { // 2.0, which JSON will write as 2
			return int64(f)
		}
		return f
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = plain(v[key])
		}
	}
	return value
}

// normal returns value as it will come back from the store.
func normal(value any) (any, error) {
	switch v := value.(type) {
	case nil, bool, string, int64:
		return v, nil
	case int:
		return int64(v), nil
	}
	raw, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var out any
	if err := decoder.Decode(&out); err != nil {
		return nil, err
	}
	return plain(out), nil
}
