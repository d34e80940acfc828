package strict

import "bytes"

// Checked is the result of the scanner alone for a stream of bytes.
type Checked struct {
	Requests []string // methods and targets of the heads that passed
	Reason   Reason
	Good     int  // bytes before the invalid one
	Open     bool // the input ends within a request
}

// Check passes input to a scanner in pieces, whose lengths cycle through cuts.
func Check(input []byte, options Options, cuts ...int) Checked {
	s := &scanner{options: options.withDefaults(), state: atEnd}
	var c Checked
	start := 0
	for i := 0; c.Good < len(input); i++ {
		stop := len(input)
		if len(cuts) > 0 {
			stop = min(stop, c.Good+max(1, cuts[i%len(cuts)]))
		}
		for c.Good < stop {
			if s.state == atEnd {
				start = c.Good
			}
			inHead := s.state == atEnd || s.inHead()
			n, v := s.scan(input[c.Good:stop])
			c.Good += n
			if inHead && !s.inHead() {
				line, _, _ := bytes.Cut(input[start:c.Good], []byte(" HTTP/1."))
				c.Requests = append(c.Requests, string(line))
			}
			if v == refused {
				c.Reason = s.reason
				return c
			}
		}
	}
	c.Open = s.state != atEnd
	return c
}

// Scan checks complete requests with a new scanner, for benchmarks.
func Scan() func(input []byte) bool {
	s := &scanner{options: Options{}.withDefaults(), state: atEnd}
	return func(input []byte) bool {
		for len(input) > 0 {
			n, v := s.scan(input)
			if v == refused {
				return false
			}
			input = input[n:]
		}
		return true
	}
}

// Steps returns how many steps the scanner takes for valid input, each of which costs no more than the bytes it
// consumes.
func Steps(input []byte, options Options) int {
	s := &scanner{options: options.withDefaults(), state: atEnd}
	steps := 0
	for len(input) > 0 && s.reason == 0 {
		if s.state == atEnd {
			s.reset()
		}
		input = input[s.step(input):]
		steps++
	}
	return steps
}
