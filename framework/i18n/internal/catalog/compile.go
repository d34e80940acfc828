package catalog

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

// Compile returns a catalog in the form of a .mo file, with pluralForms as its header of that name. The form is that of the
// manual of GNU gettext, "The Format of GNU MO Files", without a hash table. The bytes depend on the content only.
func Compile(c *Catalog, pluralForms string) []byte {
	var header strings.Builder
	fmt.Fprintf(&header, "Language: %s\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n", c.Language)
	if pluralForms != "" {
		fmt.Fprintf(&header, "Plural-Forms: %s\n", pluralForms)
	}
	pairs := [][2]string{{"", header.String()}}
	for _, e := range c.Entries {
		id := e.Text
		if e.Context != "" {
			id = e.Context + "\x04" + id
		}
		if e.Plural != "" {
			id += "\x00" + e.Plural
		}
		pairs = append(pairs, [2]string{id, strings.Join(e.Forms, "\x00")})
	}
	slices.SortFunc(pairs, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })

	const head = moHeader
	tables := 16 * len(pairs)
	var texts bytes.Buffer
	out := make([]byte, 0, head+tables)
	for _, n := range []int{moMagic, 0, len(pairs), head, head + tables/2, 0, head + tables} {
		out = binary.LittleEndian.AppendUint32(out, uint32(n)) //nolint:gosec // catalogs are far smaller than 4 GB
	}
	for column := range 2 {
		for _, pair := range pairs {
			out = binary.LittleEndian.AppendUint32(out, uint32(len(pair[column])))       //nolint:gosec // see above
			out = binary.LittleEndian.AppendUint32(out, uint32(head+tables+texts.Len())) //nolint:gosec // see above
			texts.WriteString(pair[column] + "\x00")
		}
	}
	return append(out, texts.Bytes()...)
}
