package i18n

import (
	"strings"
	"sync"

	"golang.org/x/text/language"
)

const (
	maxAccept = 512   // bytes of a header Accept-Language that are read; browsers send fewer than 100
	maxTags   = 16    // languages of a header that are considered
	maxCached = 1_000 // headers whose language is remembered
)

// acceptCache remembers the language of headers. Clients send few different ones, but nothing keeps them from sending many:
// when it is full, it starts again.
type acceptCache struct {
	mu     sync.RWMutex
	byText map[string]*Language
}

// Match returns the language for a header Accept-Language: the one that serves best what the header asks for, which may be a
// related one, such as "pt" for "pt-BR". It returns the default language if none does, or if the header is empty or
// malformed. Its time is bounded, whatever the header.
func (ls *Languages) Match(header string) *Language {
	if len(ls.all) == 1 || header == "" {
		return ls.all[0]
	}
	header = shortened(header)
	ls.accepted.mu.RLock()
	l, ok := ls.accepted.byText[header]
	ls.accepted.mu.RUnlock()
	if ok {
		return l
	}
	l = ls.match(header)
	ls.accepted.mu.Lock()
	defer ls.accepted.mu.Unlock()
	if len(ls.accepted.byText) >= maxCached || ls.accepted.byText == nil {
		ls.accepted.byText = make(map[string]*Language, 16)
	}
	ls.accepted.byText[header] = l
	return l
}

func (ls *Languages) match(header string) *Language {
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return ls.all[0]
	}
	_, i, confidence := ls.matcher.Match(tags[:min(len(tags), maxTags)]...)
	if confidence == language.No {
		return ls.all[0]
	}
	return ls.all[i]
}

// shortened cuts a long header between two languages.
func shortened(header string) string {
	if len(header) <= maxAccept {
		return strings.Clone(header) // the cache must not keep the whole request
	}
	return strings.Clone(header[:max(strings.LastIndexByte(header[:maxAccept], ','), 0)])
}
