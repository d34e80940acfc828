package dialect

// JSONPath is a place in a JSON document.
type JSONPath struct {
	Column []byte   // SQL of the column, which may be written more than once
	Keys   []string // from the outside in; a key of digits is also the index of an array. None is the document itself
}

// JSONMatch is a way to compare the structure of two JSON values.
type JSONMatch uint8

// The comparisons of JSON values. The order of an object's keys and the form of a number do not count.
const (
	JSONContains  JSONMatch = iota // the value has every key, element and value of the other one
	JSONContained                  // the other one has everything of the value
	JSONEquals                     // both are the same
)

// JSONQuerier is implemented by dialects that can look into JSON. A column with text that is no JSON counts as NULL.
type JSONQuerier interface {
	// JSONValue writes the value at a path as a value of SQL, NULL where there is none. as is the type of the value that
	// it is compared with: TypeText, TypeFloat or TypeBool, or TypeUnknown if it is not compared.
	JSONValue(w *Writer, p JSONPath, as Type) error
	// JSONHasKeys writes a condition: the object at a path has all, or any, of the names as keys.
	JSONHasKeys(w *Writer, p JSONPath, names []string, all bool) error
	// JSONMatches writes a condition that compares the value at a path with a JSON document.
	JSONMatches(w *Writer, p JSONPath, document string, match JSONMatch) error
}

// JSON returns the dialect's way to look into JSON. It returns an [UnsupportedError] if the dialect is no [JSONQuerier].
func (w *Writer) JSON() (JSONQuerier, error) {
	if q, ok := w.dialect.(JSONQuerier); ok {
		return q, nil
	}
	return nil, Unsupported(w.dialect, "lookups in JSON")
}
