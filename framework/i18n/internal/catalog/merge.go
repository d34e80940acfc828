package catalog

import (
	"slices"
	"strings"
)

// Merge returns the file with the given texts of the program, in their order: translations and comments are kept, new texts
// have none, and translated texts that the program no longer has become comments at the end. If a text becomes one with a
// plural, or ceases to be, its translation is kept as a first form and marked as fuzzy. forms is how many forms of the plural
// the language has.
func (f *File) Merge(texts []Message, forms int) *File {
	known := map[Key]Message{}
	for _, m := range f.Messages {
		known[m.Key] = m
	}
	merged := &File{HeaderComments: f.HeaderComments, Header: f.Header, Obsolete: slices.Clone(f.Obsolete)}
	for _, text := range texts {
		count := 1
		if text.Plural != "" {
			count = forms
		}
		m := Message{Entry: Entry{Key: text.Key, Plural: text.Plural, Forms: make([]string, count)}, Places: text.Places}
		if old, ok := known[text.Key]; ok {
			delete(known, text.Key)
			m.Comments, m.Flags = old.Comments, old.Flags
			copy(m.Forms, old.Forms)
			translated := strings.Join(old.Forms, "") != ""
			if translated && old.Plural != text.Plural && !slices.Contains(m.Flags, "fuzzy") {
				m.Flags = append([]string{"fuzzy"}, m.Flags...)
			}
		}
		merged.Messages = append(merged.Messages, m)
	}
	for _, m := range f.Messages {
		if _, left := known[m.Key]; left && strings.Join(m.Forms, "") != "" {
			merged.Obsolete = append(merged.Obsolete, m.retire()...)
		}
	}
	return merged
}
