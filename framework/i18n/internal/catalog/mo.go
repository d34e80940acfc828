package catalog

import (
	"encoding/binary"
	"errors"
	"strings"
)

// ParseMO reads a compiled file, in the form of the manual of GNU gettext, "The Format of GNU MO Files".
func ParseMO(data []byte) (*Catalog, error) {
	damaged := errors.New("this is not a compiled catalog, or it is damaged: compile it again")
	if len(data) < moHeader || len(data) > maxFile {
		return nil, damaged
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch binary.LittleEndian.Uint32(data) {
	case moMagic:
	case 0xde120495:
		order = binary.BigEndian
	default:
		return nil, damaged
	}
	count := int(order.Uint32(data[8:]))
	ids, texts := int(order.Uint32(data[12:])), int(order.Uint32(data[16:]))
	if count > len(data)/16 || ids > len(data)-8*count || texts > len(data)-8*count {
		return nil, damaged
	}
	// text returns the entry i of the table that begins at the given offset.
	text := func(table, i int) (string, bool) {
		size, at := int(order.Uint32(data[table+8*i:])), int(order.Uint32(data[table+8*i+4:]))
		if size > len(data) || at > len(data)-size {
			return "", false
		}
		return string(data[at : at+size]), true
	}
	c := &Catalog{}
	for i := range count {
		id, ok1 := text(ids, i)
		translation, ok2 := text(texts, i)
		if !ok1 || !ok2 {
			return nil, damaged
		}
		if id == "" {
			if err := c.readHeader(translation); err != nil {
				return nil, err
			}
			continue
		}
		var e Entry
		if context, rest, ok := strings.Cut(id, "\x04"); ok {
			e.Context, id = context, rest
		}
		var plural bool
		e.Text, e.Plural, plural = strings.Cut(id, "\x00")
		e.Forms = []string{translation}
		if plural {
			e.Forms = strings.Split(translation, "\x00")
		}
		if e.Text != "" {
			c.add(e)
		}
	}
	return c, nil
}

const (
	moMagic  = 0x950412de // in the byte order of the file
	moHeader = 28         // bytes
)
