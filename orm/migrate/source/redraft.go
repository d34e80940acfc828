package source

import (
	"fmt"
	"go/scanner"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Redrafted lists the fields, as "Post.lang", whose backfills differ between two versions of a migration's file. It returns
// false if the files differ in anything else, such as an edit by hand.
func Redrafted(before, after []byte) ([]string, bool) {
	a, err := readFile(before)
	if err != nil {
		return nil, false
	}
	b, err := readFile(after)
	if err != nil || !slices.Equal(a.rest, b.rest) {
		return nil, false
	}
	changed := map[string]bool{}
	for _, pair := range [][2]map[string]string{{a.backfills, b.backfills}, {b.backfills, a.backfills}} {
		for name, value := range pair[0] {
			if pair[1][name] != value {
				changed[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(changed)), true
}

// written is a migration's file as tokens, without its backfills, which are kept by field.
type written struct {
	rest      []string
	backfills map[string]string
}

func readFile(source []byte) (written, error) {
	var failed error
	files := token.NewFileSet()
	var s scanner.Scanner
	s.Init(files.AddFile("", files.Base(), len(source)), source, func(_ token.Position, msg string) { failed = fmt.Errorf("%s", msg) },
		scanner.ScanComments)
	var tokens []string
	for {
		_, kind, text := s.Scan()
		if kind == token.EOF {
			break
		}
		if kind == token.SEMICOLON {
			text = ";"
		}
		if text == "" {
			text = kind.String()
		}
		tokens = append(tokens, text)
	}
	w := written{backfills: map[string]string{}}
	model, field := "", ""
	for i := 0; i < len(tokens); i++ {
		switch {
		case match(tokens[i:], "Model", ":"):
			model = unquote(at(tokens, i+2))
		case match(tokens[i:], "m", ".") && at(tokens, i+3) == "(" && strings.HasPrefix(at(tokens, i+4), `"`):
			field = unquote(tokens[i+4])
		case match(tokens[i:], ".", "Backfill", "("):
			end, depth := i+3, 1
			for ; end < len(tokens) && depth > 0; end++ {
				switch tokens[end] {
				case "(":
					depth++
				case ")":
					depth--
				}
			}
			w.backfills[model+"."+field] = strings.Join(tokens[i+3:end], " ")
			i = end - 1
			continue
		}
		w.rest = append(w.rest, tokens[i])
	}
	return w, failed
}

func match(tokens []string, want ...string) bool {
	return len(tokens) >= len(want) && slices.Equal(tokens[:len(want)], want)
}

func at(tokens []string, i int) string {
	if i < len(tokens) {
		return tokens[i]
	}
	return ""
}

func unquote(text string) string {
	if plain, err := strconv.Unquote(text); err == nil {
		return plain
	}
	return text
}
