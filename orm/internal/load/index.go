package load

// index numbers distinct keys from 0. Integers, the usual keys, have their own map.
type index struct {
	ints  map[int64]int
	other map[any]int
	keys  []any // in the order of their numbers
}

func newIndex(size int) *index { return &index{ints: make(map[int64]int, size)} }

// find returns the number of a key.
func (x *index) find(key any) (int, bool) {
	if n, ok := key.(int64); ok {
		at, ok := x.ints[n]
		return at, ok
	}
	at, ok := x.other[mapKey(key)]
	return at, ok
}

// add returns the number of a key, which it adds if it is new.
func (x *index) add(key any) int {
	if at, ok := x.find(key); ok {
		return at
	}
	at := len(x.keys)
	x.keys = append(x.keys, key)
	if n, ok := key.(int64); ok {
		x.ints[n] = at
		return at
	}
	if x.other == nil {
		x.other = map[any]int{}
	}
	x.other[mapKey(key)] = at
	return at
}

// mapKey returns a key as a map takes it: bytes as text.
func mapKey(key any) any {
	if b, ok := key.([]byte); ok {
		return string(b)
	}
	return key
}
