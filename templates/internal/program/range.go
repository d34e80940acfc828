package program

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"text/template/parse"
)

// RangeGuards are the functions at the end of what a page ranges over, with one variable and with two. Only text/template
// needs them.
var RangeGuards = [2]string{"_range", "_ranges"}

// loop is range.
func (c *compiler) loop(n *parse.RangeNode) (s step, err error) {
	if len(n.Pipe.Decl) > 2 {
		return nil, errors.New("range with more than two variables")
	}
	err = c.scope(func() error {
		pipe := *n.Pipe
		pipe.Decl = nil // the variables are set for each element
		if last := len(pipe.Cmds) - 1; last > 0 && slices.Contains(RangeGuards[:], pipe.Cmds[last].String()) {
			pipe.Cmds = pipe.Cmds[:last]
		}
		value, err := c.pipe(&pipe)
		if err != nil {
			return err
		}
		variables, err := c.variables(n.Pipe)
		if err != nil {
			return err
		}
		each, none, err := c.lists(&n.BranchNode)
		if err != nil {
			return err
		}
		key, element := -1, -1
		if n := len(variables); n > 0 {
			element = variables[n-1]
		}
		if len(variables) > 1 {
			key = variables[0]
		}
		s = func(f *frame, dot reflect.Value) error {
			v, err := value(f, dot)
			if err != nil {
				return err
			}
			iteration := func(k, e reflect.Value) error {
				if element >= 0 {
					f.vars[element] = e
				}
				if key >= 0 {
					f.vars[key] = k
				}
				if err := all(each, f, e); err != nil && !errors.Is(err, errContinue) {
					return err
				}
				return nil
			}
			for _, slot := range variables { // else sees what is ranged over
				f.vars[slot] = v
			}
			ran, err := over(v, key >= 0, iteration)
			if err == nil && !ran {
				err = all(none, f, dot)
			}
			if errors.Is(err, errBreak) {
				return nil
			}
			return err
		}
		return nil
	})
	return s, err
}

// over calls fn for each element of a value that can be ranged over, and reports whether there was one.
func over(v reflect.Value, keys bool, fn func(key, element reflect.Value) error) (ran bool, err error) {
	v, _ = indirect(v)
	switch v.Kind() {
	case reflect.Invalid:
		return false, nil
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			var key reflect.Value
			if keys {
				key = reflect.ValueOf(i)
			}
			if err := fn(key, v.Index(i)); err != nil {
				return true, err
			}
		}
		return v.Len() > 0, nil
	case reflect.Map:
		sorted, err := sortedKeys(v)
		if err != nil {
			return false, err
		}
		for _, key := range sorted {
			if err := fn(key, v.MapIndex(key)); err != nil {
				return true, err
			}
		}
		return v.Len() > 0, nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		if keys {
			return false, errors.New("a number has no keys")
		}
		for element := range v.Seq() {
			ran = true
			if err := fn(reflect.Value{}, element); err != nil {
				return true, err
			}
		}
		return ran, nil
	}
	return overCalls(v, keys, fn)
}

// overCalls ranges over an iterator or a channel.
func overCalls(v reflect.Value, keys bool, fn func(key, element reflect.Value) error) (ran bool, err error) {
	t := v.Type()
	switch {
	case t.Kind() == reflect.Func && t.CanSeq() && !keys:
		for element := range v.Seq() {
			ran = true
			if err := fn(reflect.Value{}, element); err != nil {
				return true, err
			}
		}
		return ran, nil
	case t.Kind() == reflect.Func && t.CanSeq2():
		for key, element := range v.Seq2() {
			if ran = true; !keys { // one variable gets the first of the two
				key, element = reflect.Value{}, key
			}
			if err := fn(key, element); err != nil {
				return true, err
			}
		}
		return ran, nil
	case t.Kind() == reflect.Chan && t.ChanDir() != reflect.SendDir && !v.IsNil():
		for i := 0; ; i++ {
			element, ok := v.Recv()
			if !ok {
				return i > 0, nil
			}
			if err := fn(reflect.ValueOf(i), element); err != nil {
				return true, err
			}
		}
	case t.Kind() == reflect.Chan && v.IsNil():
		return false, nil
	}
	return false, fmt.Errorf("range over %s", t)
}

// sortedKeys returns the keys of a map in the order of text/template, for keys of the usual kinds.
func sortedKeys(m reflect.Value) ([]reflect.Value, error) {
	keys := m.MapKeys()
	var compare func(a, b reflect.Value) int
	switch m.Type().Key().Kind() {
	case reflect.String:
		compare = func(a, b reflect.Value) int { return cmp.Compare(a.String(), b.String()) }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		compare = func(a, b reflect.Value) int { return cmp.Compare(a.Int(), b.Int()) }
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		compare = func(a, b reflect.Value) int { return cmp.Compare(a.Uint(), b.Uint()) }
	default:
		return nil, fmt.Errorf("range over %s", m.Type())
	}
	slices.SortFunc(keys, compare)
	return keys, nil
}
