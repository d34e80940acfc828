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
	want   int // number of workers
	build  *build
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

// count returns how many workers of a generation serve, how many of these do not retire, and how many are starting.
func (m *master) count(g *generation) (serving, staying, booting int) {
	for _, p := range m.processes {
		switch {
		case p.generation != g:
		case p.stage == starting:
			booting++
		case p.stage == ready:
			serving++
			if !p.retired {
				staying++
			}
		}
	}
	return serving, staying, booting
}

// reconcile starts and stops workers to match the wanted state. The loop calls it after every event.
func (m *master) reconcile() {
	m.reapExited()
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

// trim drains surplus workers: first those that do not serve yet, then the oldest, then those that have a successor.
func (m *master) trim(g *generation) {
	serving, staying, booting := m.count(g)
	for ; staying+booting > g.want && booting > 0; booting-- {
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

// fill starts missing workers.
func (m *master) fill(g *generation) {
	for {
		serving, staying, booting := m.count(g)
		if staying+booting >= g.want || booting >= m.atOnce(g, serving) || g == m.current && !m.backoff.allows() {
			return
		}
		if g == m.current {
			m.backoff.started()
			if !m.served && g.build.replaced() { // it never worked; the new build may
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

// atOnce returns how many workers of a generation may be starting at the same time. The first starts alone, to verify
// that the build works; after it as many as a quarter of the processors, since the serving workers need them.
func (m *master) atOnce(g *generation, serving int) int {
	if g == m.current && m.backoff.failures > 0 {
		return 1
	}
	return max(1, min(serving, runtime.GOMAXPROCS(0)/4))
}
