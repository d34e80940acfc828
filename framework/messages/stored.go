package messages

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/quintetgo/quintet/framework/message"
)

// stored is a notice or a message within one as the session holds it. Unlike the JSON of a message, which is for clients,
// it keeps everything that a translation needs.
type stored struct {
	Level  Level                     `json:"l,omitempty"`
	Code   string                    `json:"c,omitempty"`
	Text   string                    `json:"t"`
	Plural string                    `json:"p,omitempty"`
	Count  string                    `json:"n,omitempty"`
	Args   map[string]storedArgument `json:"a,omitempty"`
}

// storedArgument is an argument with the part of its type that JSON does not keep.
type storedArgument struct {
	Value   any        `json:"v,omitempty"` // a text, number or boolean
	Time    *time.Time `json:"t,omitempty"`
	Message *stored    `json:"m,omitempty"`
	List    []stored   `json:"l,omitempty"`
}

func encode(level Level, m message.Message) stored {
	s := stored{Level: level, Code: m.Code, Text: cut(m.Text), Plural: m.Plural, Count: m.Count}
	if len(m.Args) > 0 {
		s.Args = make(map[string]storedArgument, len(m.Args))
	}
	for name, value := range m.Args {
		s.Args[name] = encodeArgument(value)
	}
	return s
}

func encodeArgument(value any) storedArgument {
	switch value := value.(type) {
	case string:
		return storedArgument{Value: cut(value)}
	case nil, bool, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, float32, float64:
		return storedArgument{Value: value}
	case time.Time:
		return storedArgument{Time: &value}
	case message.Message:
		inner := encode("", value)
		return storedArgument{Message: &inner}
	case message.List:
		list := make([]stored, len(value))
		for i, m := range value {
			list[i] = encode("", m)
		}
		return storedArgument{List: list}
	}
	return storedArgument{Value: cut(fmt.Sprint(value))}
}

func decode(list []stored) []Notice {
	if list == nil {
		return nil
	}
	notices := make([]Notice, len(list))
	for i, s := range list {
		notices[i] = Notice{Level: s.Level, Message: s.message()}
	}
	return notices
}

func (s stored) message() message.Message {
	m := message.Message{Code: s.Code, Text: s.Text, Plural: s.Plural, Count: s.Count}
	if len(s.Args) > 0 {
		m.Args = make(message.Args, len(s.Args))
	}
	for name, argument := range s.Args {
		m.Args[name] = argument.value()
	}
	return m
}

func (a storedArgument) value() any {
	switch {
	case a.Time != nil:
		return *a.Time
	case a.Message != nil:
		return a.Message.message()
	case a.List != nil:
		list := make(message.List, len(a.List))
		for i, s := range a.List {
			list[i] = s.message()
		}
		return list
	}
	return a.Value
}

// UnmarshalJSON reads whole numbers as int64, so that they are printed and counted as they were.
func (a *storedArgument) UnmarshalJSON(data []byte) error {
	type plain storedArgument
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode((*plain)(a)); err != nil {
		return err
	}
	number, ok := a.Value.(json.Number)
	if !ok {
		return nil
	}
	if n, err := number.Int64(); err == nil {
		a.Value = n
		return nil
	}
	n, err := number.Float64()
	a.Value = n
	return err
}

// cut shortens text to at most limitText bytes without breaking a character.
func cut(text string) string {
	if len(text) <= limitText {
		return text
	}
	end := limitText
	for end > 0 && text[end]&0xC0 == 0x80 {
		end--
	}
	return text[:end] + "…"
}
