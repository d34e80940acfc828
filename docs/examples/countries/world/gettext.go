package world

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// readTranslations reads the names of countries in a language. There are none if its file does not exist.
func readTranslations(locales, language string) (map[string]string, error) {
	path := filepath.Join(locales, language, "LC_MESSAGES", "iso_3166-1.mo")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	words, err := parseCatalog(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return words, nil
}

var errCatalog = errors.New("this is no catalog of GNU gettext")

// parseCatalog reads a compiled catalog of GNU gettext: a header with the places of two tables, which hold the lengths
// and places of texts and of their translations.
func parseCatalog(b []byte) (map[string]string, error) {
	if len(b) < 28 {
		return nil, errCatalog
	}
	var order binary.ByteOrder = binary.LittleEndian
	if binary.BigEndian.Uint32(b) == 0x950412de {
		order = binary.BigEndian
	} else if order.Uint32(b) != 0x950412de {
		return nil, errCatalog
	}
	number := func(at uint64) (uint64, bool) {
		if at+4 > uint64(len(b)) {
			return 0, false
		}
		return uint64(order.Uint32(b[at:])), true
	}
	text := func(table, i uint64) (string, bool) {
		length, ok := number(table + 8*i)
		start, ok2 := number(table + 8*i + 4)
		if !ok || !ok2 || start+length > uint64(len(b)) {
			return "", false
		}
		return string(b[start : start+length]), true
	}
	count, from, to := uint64(order.Uint32(b[8:])), uint64(order.Uint32(b[12:])), uint64(order.Uint32(b[16:]))
	if count > uint64(len(b)) {
		return nil, errCatalog
	}
	words := make(map[string]string, count)
	for i := range count {
		word, ok := text(from, i)
		translation, ok2 := text(to, i)
		if !ok || !ok2 {
			return nil, errCatalog
		}
		words[word] = translation
	}
	return words, nil
}
