package sessions

import (
	"reflect"
	"testing"
	"time"
)

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"t":1,"v":{"a":[1,2.5,{"b":"x"}]}}`))
	f.Add([]byte(`{"t":1} {}`))
	f.Add([]byte(`{"v":{"a":1e999}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := decode(data)
		if err != nil {
			return
		}
		since, values := time.Unix(doc.Since, 0), doc.Values
		keyed := map[any]any{}
		for key, value := range values {
			keyed[key] = value
		}
		again, err := encode(since, since, keyed)
		if err != nil {
			return // infinite numbers
		}
		doc2, err := decode(again)
		since2, values2 := time.Unix(doc2.Since, 0), doc2.Values
		if err != nil || !since2.Equal(since.Truncate(time.Second)) || len(values) != len(values2) || len(values) > 0 && !reflect.DeepEqual(values, values2) {
			t.Fatalf("%s decodes to %v %v, encoded again to %v %v (%v)", data, since, values, since2, values2, err)
		}
	})
}
