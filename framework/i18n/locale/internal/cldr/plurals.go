package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/quintetgo/quintet/framework/i18n/internal/catalog"
)

// pluralForms returns the rule of a language for whole numbers as the header Plural-Forms of gettext has it:
// "nplurals=2; plural=n == 1 ? 0 : 1;". The forms are the categories of CLDR in the order zero, one, two, few, many, other.
func (s source) pluralForms(code string) (string, error) {
	var file any
	if err := s.read(&file, "cldr-core/supplemental/plurals.json"); err != nil {
		return "", err
	}
	rules := at(file, "supplemental", "plurals-type-cardinal", code)
	for rules == nil {
		cut := strings.LastIndexByte(code, '-')
		if cut < 0 {
			return "nplurals=1; plural=0;", nil // as for languages without a rule in CLDR
		}
		code = code[:cut]
		rules = at(file, "supplemental", "plurals-type-cardinal", code)
	}
	var conditions []string
	for _, category := range []string{"zero", "one", "two", "few", "many"} {
		rule := text(rules, "pluralRule-count-"+category)
		if rule == "" {
			continue
		}
		condition, err := integers(rule)
		if err != nil {
			return "", fmt.Errorf("plural of %s: %w", code, err)
		}
		if condition == "" {
			continue // for numbers with a fraction only
		}
		conditions = append(conditions, condition)
	}
	header := forms(conditions)
	rule, err := catalog.ParsePlurals(header)
	if err != nil || usesLast(rule) {
		return header, err
	}
	return forms(conditions[:len(conditions)-1]), nil // the last form is that of numbers with a fraction
}

// forms returns a header with one form for each condition, and one for the numbers that none applies to.
func forms(conditions []string) string {
	var out strings.Builder
	for i, condition := range conditions {
		fmt.Fprintf(&out, "%s ? %d : ", condition, i)
	}
	return fmt.Sprintf("nplurals=%d; plural=%s%d;", len(conditions)+1, out.String(), len(conditions))
}

// usesLast reports whether a rule selects its last form for any whole number.
func usesLast(p catalog.Plurals) bool {
	for n := range int64(2000) {
		if p.Form(n) == p.Count-1 {
			return true
		}
	}
	return p.Form(1_000_000) == p.Count-1
}

var relation = regexp.MustCompile(`^([nivwftec])(?: % (\d+))? (=|!=) ([\d.,]+)$`)

// integers turns a rule of UTS #35, "Language Plural Rules", into an expression for whole numbers. It returns "" for a rule
// that no whole number matches.
func integers(rule string) (string, error) {
	rule, _, _ = strings.Cut(rule, "@")
	var alternatives []string
	for alternative := range strings.SplitSeq(strings.TrimSpace(rule), " or ") {
		var all []string
		possible := true
		for part := range strings.SplitSeq(strings.TrimSpace(alternative), " and ") {
			m := relation.FindStringSubmatch(strings.TrimSpace(part))
			if m == nil {
				return "", fmt.Errorf("%q is not understood", part)
			}
			if m[1] != "n" && m[1] != "i" { // digits of a fraction, or an exponent: 0 for whole numbers
				zero := strings.Contains(","+m[4]+",", ",0,") || strings.HasPrefix(m[4], "0..")
				possible = possible && zero == (m[3] == "=")
				continue
			}
			all = append(all, compare(m[2], m[3] == "=", m[4]))
		}
		if possible && len(all) == 0 {
			return "", fmt.Errorf("%q matches all whole numbers", rule)
		}
		if possible {
			alternatives = append(alternatives, strings.Join(all, " && "))
		}
	}
	return strings.Join(alternatives, " || "), nil
}

// compare returns a comparison of n, or of n modulo a number, with a list of numbers and ranges.
func compare(modulo string, equal bool, list string) string {
	n := "n"
	if modulo != "" {
		n = "n%" + modulo
	}
	var parts []string
	for item := range strings.SplitSeq(list, ",") {
		low, high, isRange := strings.Cut(item, "..")
		switch {
		case isRange && equal:
			parts = append(parts, fmt.Sprintf("%s>=%s && %s<=%s", n, low, n, high))
		case isRange:
			parts = append(parts, fmt.Sprintf("(%s<%s || %s>%s)", n, low, n, high))
		case equal:
			parts = append(parts, n+"=="+item)
		default:
			parts = append(parts, n+"!="+item)
		}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	if equal {
		return "(" + strings.Join(parts, " || ") + ")"
	}
	return strings.Join(parts, " && ")
}
