package changelist

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/quintetgo/quintet/admin/env"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/schema"
)

// The ranks of matches, best first.
const (
	RankExact  = iota // a field equals the text
	RankPrefix        // a field starts with the text
	RankWord          // a word of a field starts with the text
	RankOther         // the text occurs elsewhere
)

// Match is an object that a text finds.
type Match struct {
	Object any
	Rank   int
}

// rankedMatches is the number of the other matches that are sorted by rank.
const rankedMatches = 100

// Find returns up to limit objects that match a text, after skipping some: the best matches first, and equal ones
// in the list's order. Only objects for which where holds are found; its zero value holds for all. Pickers and the search
// of the whole admin use it. An empty text matches every object.
func (c *Config) Find(ctx context.Context, e env.Env, text string, where dynamic.Condition, limit, skip int) ([]Match, error) {
	base := c.Lookup(e, text).Filter(where)
	phrase := strings.Join(Terms(text), " ")
	fields := c.ranked()
	if phrase == "" || len(fields) == 0 {
		found, err := base.Limit(limit).Offset(skip).All(ctx)
		return matches(found, RankOther), err
	}
	exact, prefix := anyOf(fields, schema.IExact, phrase), anyOf(fields, schema.IStartsWith, phrase)
	tiers := []dynamic.Query{base.Filter(exact), base.Filter(prefix).Exclude(exact)}
	var out []Match
	for rank, tier := range tiers {
		if skip > 0 {
			n, err := tier.Count(ctx)
			if err != nil {
				return nil, err
			}
			if int(n) <= skip {
				skip -= int(n)
				continue
			}
		}
		found, err := tier.Limit(limit - len(out)).Offset(skip).All(ctx)
		if err != nil {
			return nil, err
		}
		skip = 0
		if out = append(out, matches(found, rank)...); len(out) == limit {
			return out, nil
		}
	}
	remaining, err := base.Exclude(dynamic.Or(exact, prefix)).Limit(max(rankedMatches, skip+limit-len(out))).All(ctx)
	if err != nil {
		return nil, err
	}
	others := matches(remaining, RankOther)
	for i := range others {
		if startsWord(fields, others[i].Object, phrase) {
			others[i].Rank = RankWord
		}
	}
	slices.SortStableFunc(others[:min(len(others), rankedMatches)], func(a, b Match) int { return a.Rank - b.Rank })
	others = others[min(skip, len(others)):]
	return append(out, others[:min(len(others), limit-len(out))]...), nil
}

func matches(objects []any, rank int) []Match {
	out := make([]Match, len(objects))
	for i, obj := range objects {
		out[i] = Match{obj, rank}
	}
	return out
}

// ranked returns the fields that determine the rank: short texts of the model itself.
func (c *Config) ranked() []*schema.Field {
	fields := c.search
	if len(fields) == 0 {
		fields = c.defaultSearch
	}
	var ranked []*schema.Field
	for _, one := range fields {
		if one.own && !one.exact && one.field.Kind != schema.KindText && one.field.ColumnKind().IsText() {
			ranked = append(ranked, one.field)
		}
	}
	return ranked
}

func anyOf(fields []*schema.Field, lookup, text string) dynamic.Condition {
	alternatives := make([]dynamic.Condition, len(fields))
	for i, field := range fields {
		alternatives[i] = dynamic.Is(field.Name+"__"+lookup, text)
	}
	return dynamic.Or(alternatives...)
}

// startsWord reports whether a word of one of the fields starts with text, case-insensitively.
func startsWord(fields []*schema.Field, obj any, text string) bool {
	text = strings.ToLower(text)
	for _, field := range fields {
		value := strings.ToLower(fmt.Sprint(schema.Indirect(field.Value(obj))))
		for at := 0; at < len(value); {
			i := strings.Index(value[at:], text)
			if i < 0 {
				break
			}
			before, _ := utf8.DecodeLastRuneInString(value[:at+i])
			if at+i == 0 || !unicode.IsLetter(before) && !unicode.IsDigit(before) {
				return true
			}
			at += i + max(len(text), 1)
		}
	}
	return false
}
