package autodetect

import (
	"fmt"
	"slices"
	"strings"
)

// schedule divides the steps into drafts, each with as many steps of one app as are possible at that point.
func (d *detector) schedule() ([]*Draft, error) {
	var apps []string
	pending := map[string][]*step{}
	effects := map[string]*Draft{} // the effects so far and their draft; nil for effects that hold from the start
	for _, m := range d.from.Models() {
		effects["+"+m.Key()] = nil
	}
	for _, m := range d.work.Models() {
		if _, ok := effects["+"+m.Key()]; !ok && !slices.ContainsFunc(d.steps,
			func(s *step) bool { return slices.Contains(s.effects, "+"+m.Key()) }) {
			effects["+"+m.Key()] = nil
		}
	}
	for _, s := range d.steps {
		if !slices.Contains(apps, s.app) {
			apps = append(apps, s.app)
		}
		pending[s.app] = append(pending[s.app], s)
	}
	slices.Sort(apps)
	var drafts []*Draft
	for len(apps) > 0 {
		app, taken := choose(apps, pending, effects)
		if len(taken) == 0 {
			return nil, fmt.Errorf("the operations of %s wait for each other: %s", strings.Join(apps, ", "), waiting(pending, effects))
		}
		draft := newDraft(app, taken, effects)
		drafts = append(drafts, draft)
		pending[app] = slices.DeleteFunc(pending[app], func(s *step) bool { return slices.Contains(taken, s) })
		if len(pending[app]) == 0 {
			apps = slices.DeleteFunc(apps, func(a string) bool { return a == app })
		}
		for _, s := range taken {
			for _, token := range s.effects {
				effects[token] = draft
			}
		}
	}
	return drafts, nil
}

// choose returns an app whose steps are all possible now, or else the one with the most possible steps.
func choose(apps []string, pending map[string][]*step, effects map[string]*Draft) (string, []*step) {
	best, most := "", []*step(nil)
	for _, app := range apps {
		taken := ready(pending[app], effects)
		if len(taken) == len(pending[app]) {
			return app, taken
		}
		if len(taken) > len(most) {
			best, most = app, taken
		}
	}
	return best, most
}

// ready returns the steps of one app that are possible now, in order.
func ready(steps []*step, effects map[string]*Draft) []*step {
	local := map[string]bool{}
	var taken []*step
	for grown := true; grown; {
		grown = false
		for _, s := range steps {
			if slices.Contains(taken, s) || slices.ContainsFunc(s.needs, func(token string) bool {
				_, ok := effects[token]
				return !ok && !local[token]
			}) {
				continue
			}
			taken, grown = append(taken, s), true
			for _, token := range s.effects {
				local[token] = true
			}
		}
	}
	return taken
}

func newDraft(app string, steps []*step, effects map[string]*Draft) *Draft {
	draft := &Draft{App: app}
	add := func(list *[]string, names []string) {
		for _, name := range names {
			if !slices.Contains(*list, name) {
				*list = append(*list, name)
			}
		}
	}
	for _, s := range steps {
		draft.Operations = append(draft.Operations, s.op)
		add(&draft.Models, s.refs)
		add(&draft.Apps, s.apps)
		for _, token := range s.needs {
			if other := effects[token]; other != nil && other.App != app && !slices.Contains(draft.After, other) {
				draft.After = append(draft.After, other)
			}
		}
	}
	return draft
}

// waiting lists the missing preconditions, for the message.
func waiting(pending map[string][]*step, effects map[string]*Draft) string {
	var list []string
	for _, steps := range pending {
		for _, s := range steps {
			for _, token := range s.needs {
				if _, ok := effects[token]; !ok {
					list = append(list, fmt.Sprintf("%q needs %s", s.op.Describe(), token))
				}
			}
		}
	}
	slices.Sort(list)
	return strings.Join(list, "; ")
}
