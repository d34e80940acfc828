//go:build unix

package master

import (
	"cmp"
	"runtime"
	"slices"
	"syscall"
)

// generation is a set of workers of one build.
type generation struct {
	number int
	want   int // workers
	build  *build
}

// generations are those that get workers: the one that serves, and the one that is to take over.
func (m *master) generations() []*generation {
	if m.next == nil {
		return []*generation{m.current}
	}
	return []*generation{m.current, m.next}
}

// members returns the workers of a generation at a stage, the oldest first.
func (m *master) members(g *generation, s stage) []*process {
	var list []*process
	for _, p := range m.processes {
		if p.generation == g && p.stage == s {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b *process) int { return cmp.Or(a.started.Compare(b.started), a.pid-b.pid) })
	return list
}

// count returns how many workers of a generation serve, how many of these mean to stay, and how many
// are on their way.
func (m *master) count(g *generation) (serving, staying, coming int) {
	for _, p := range m.processes {
		switch {
		case p.generation != g:
		case p.stage == starting:
			coming++
		case p.stage == ready:
			serving++
			if !p.retired {
				staying++
			}
		}
	}
	return serving, staying, coming
}

// settle leads the workers to what they should be. The loop calls it after everything that happens.
func (m *master) settle() {
	m.bury()
	if m.stopping {
		return
	}
	if m.next != nil {
		if _, staying, _ := m.count(m.next); staying >= m.next.want {
			m.takeOver()
		}
	}
	if m.next == nil && m.again {
		m.again = false
		m.reload(m.upgradeAgain)
	}
	for _, g := range m.generations() {
		m.trim(g)
		m.fill(g)
	}
}

// trim drains what is too much: first those that do not serve yet, then the oldest, then those that
// have a successor.
func (m *master) trim(g *generation) {
	serving, staying, coming := m.count(g)
	for ; staying+coming > g.want && coming > 0; coming-- {
		list := m.members(g, starting)
		m.drain(list[len(list)-1], syscall.SIGINT)
	}
	for _, p := range m.members(g, ready) {
		if !p.retired && staying > g.want {
			m.drain(p, syscall.SIGTERM)
			staying, serving = staying-1, serving-1
		}
	}
	for _, p := range m.members(g, ready) {
		if p.retired && serving > g.want {
			m.drain(p, syscall.SIGTERM)
			serving--
		}
	}
}

// fill starts what is missing.
func (m *master) fill(g *generation) {
	for {
		serving, staying, coming := m.count(g)
		if staying+coming >= g.want || coming >= m.atOnce(g, serving) || g == m.current && !m.pace.allows() {
			return
		}
		if g == m.current {
			m.pace.started()
			if !m.served && g.build.replaced() { // it never got anywhere: perhaps the new one does
				g.build.close()
				g.build = openBuild(m.config.Program)
			}
		}
		if err := m.start(g); err != nil {
			m.cannotStart(g, err)
			return
		}
	}
}

// atOnce is how many workers of a generation may be starting. The first goes ahead alone, to show
// that the build is good; after it as many as take a quarter of the processors, since those that
// serve need them.
func (m *master) atOnce(g *generation, serving int) int {
	if g == m.current && m.pace.failures > 0 {
		return 1
	}
	return max(1, min(serving, runtime.GOMAXPROCS(0)/4))
}

// reload starts a new generation beside the one that serves. One that is asked for meanwhile follows,
// since the program may have changed after this one was begun.
func (m *master) reload(upgrade bool) {
	if m.stopping {
		return
	}
	if m.next != nil {
		if !m.again {
			m.config.Logger.Info("a reload is under way; another one follows it")
			m.upgradeAgain = false
		}
		m.again, m.upgradeAgain = true, m.upgradeAgain || upgrade
		return
	}
	m.notify.Reloading()
	m.upgrade, m.failure = upgrade, ""
	m.last++
	m.next = &generation{number: m.last, want: m.config.Workers, build: openBuild(m.config.Program)}
	m.config.Logger.Info("reload: starting new workers", "generation", m.next.number)
}

func (m *master) takeOver() {
	for _, p := range m.processes {
		if p.generation != m.next {
			m.drain(p, syscall.SIGTERM)
		}
	}
	m.current.build.close()
	m.current, m.next, m.pace = m.next, nil, pace{}
	m.reloads++
	m.config.Logger.Info("reload: the new workers serve", "generation", m.current.number)
	m.notify.Say("READY=1\nSTATUS=serving")
	if m.upgrade {
		m.upgrade = false
		if err := m.become(); err != nil {
			m.failed++
			m.failure = "the new workers serve, but the master could not become the program on disk: " + err.Error()
			m.config.Logger.Error("cannot become the program on disk; going on as the old master", "error", err)
		}
	}
}

// giveUp puts the new generation away; the old one goes on serving. New workers that are ready have
// taken connections by now, and finish them.
func (m *master) giveUp(reason string) {
	m.failure = reason
	m.failed++
	m.config.Logger.Error("reload given up; the old workers go on serving", "reason", reason)
	for _, p := range m.processes {
		switch {
		case p.generation != m.next:
		case p.stage == ready:
			m.drain(p, syscall.SIGTERM)
		default:
			m.drain(p, syscall.SIGINT)
		}
	}
	m.next.build.close()
	m.next, m.upgrade = nil, false
	m.current.want = m.config.Workers // it may have changed meanwhile
	m.notify.Say("READY=1\nSTATUS=serving; the last reload was given up")
}
