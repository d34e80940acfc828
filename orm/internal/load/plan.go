package load

import (
	"context"
	"sync"

	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/internal/scan"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/schema"
)

// plan is a compiled statement with what reads its rows, kept for all queries of one shape.
type plan struct {
	compile.Statement
	cells   *compile.Cells // of a selection of values
	readers *scan.Pool     // of a selection of objects
	scope   *scopeUse      // instead of a statement: its key goes on with the conditions of these default scopes
}

// The kinds of statements that have plans.
const (
	planObjects = 'o'
	planValues  = 'v'
	planCount   = 'c'
	planAny     = 'a'
	planUpdate  = 'u'
	planThrough = 't'
)

// shapes are used again, as each query needs one only while it looks for its plan.
var shapes = sync.Pool{New: func() any { return &compile.Shape{} }}

// plan returns the plan of a query for a kind of statement, and the arguments. add adds to the shape what the statement depends
// on besides the query, and build compiles the statement of a numbered query; it is not called if there is a plan already.
func (q Query) plan(kind byte, add func(*compile.Shape) bool, build func(*compile.Query) (*plan, error)) (*plan, []any, error) {
	shape := shapes.Get().(*compile.Shape)
	defer func() {
		shape.Begin(0) // keeps no values
		shapes.Put(shape)
	}()
	shape.Begin(kind)
	s := scopedShape{Shape: shape, scoping: q.Select.Scoping}
	if !shape.AddQuery(q.Select) || add != nil && !add(shape) {
		p, err := build(q.Select.WithScoping(s.plain()))
		if err != nil {
			return nil, nil, err
		}
		return p, p.Args, nil
	}
	s.known, s.mark = session.Cached(q.Session, plansKey{q.Select.Model}, newPlans), shape.Mark()
	known, err := s.find()
	if err != nil {
		return nil, nil, err
	}
	if known != nil {
		if args, ok := known.Rebind(shape); ok {
			return known, args, nil
		}
	}

	p, err := build(q.Select.Numbered().WithScoping(s.record()))
	if err != nil {
		return nil, nil, err
	}
	args := p.Args
	if p.Args = nil; p.Reusable && !s.partly {
		s.known.keep(shape.Key(), p)
	}
	return p, args, nil
}

// objects returns the plan that selects the query's objects.
func (q Query) objects() (*plan, []any, error) {
	return q.plan(planObjects, nil, func(numbered *compile.Query) (*plan, error) {
		rows, err := compile.Select(q.Session.Dialect(), numbered)
		if err != nil {
			return nil, err
		}
		readers, err := scan.NewPool(rows.Objects, q.Select.Limit, 0)
		return &plan{Statement: rows.Statement, readers: readers}, err
	})
}

// plansKey is the key of a model's plans in the session's cache.
type plansKey struct{ model *schema.Model }

// maxPlans is how many plans of one model are kept for certain; there may be twice as many.
const maxPlans = 256

// plans are the plans of the queries on one model, by shape. Those that have not been used while many others were are dropped.
type plans struct {
	mu     sync.RWMutex
	recent map[string]*plan
	older  map[string]*plan
}

func newPlans() *plans { return &plans{recent: map[string]*plan{}} }

func (p *plans) find(key []byte) *plan {
	p.mu.RLock()
	found := p.recent[string(key)]
	var old *plan
	if found == nil {
		old = p.older[string(key)]
	}
	p.mu.RUnlock()
	if old == nil {
		return found
	}
	p.keep(key, old)
	return old
}

func (p *plans) keep(key []byte, kept *plan) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.recent) >= maxPlans {
		p.recent, p.older = map[string]*plan{}, p.recent
	}
	p.recent[string(key)] = kept
}

// first runs the statement of a plan and reads its first row.
func (q Query) first(ctx context.Context, p *plan, args []any, into ...any) error {
	rows, err := q.Session.Reader(ctx).QueryContext(ctx, p.SQL, args...)
	if err != nil {
		return q.failed(err)
	}
	return q.failed(scan.First(rows, into...))
}
