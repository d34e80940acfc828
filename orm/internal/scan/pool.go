package scan

import (
	"context"
	"sync"

	"github.com/quintetgo/quintet/orm/internal/compile"
)

// Pool keeps Readers of one selection for further use. It is safe for concurrent use.
type Pool struct {
	objects []compile.Object
	hint    int
	extras  int
	free    sync.Pool
}

// NewPool returns a Pool of Readers with some extra columns; see [NewReader] and [Reader.WithExtras].
func NewPool(objects []compile.Object, hint, extras int) (*Pool, error) {
	p := &Pool{objects: objects, hint: hint, extras: extras}
	r, err := p.reader(context.Background())
	if err != nil {
		return nil, err
	}
	p.Put(r)
	return p, nil
}

// Get returns a Reader of one result, to be returned with Put.
func (p *Pool) Get(ctx context.Context) *Reader {
	if r, ok := p.free.Get().(*Reader); ok {
		r.row.ctx = ctx
		return r
	}
	r, err := p.reader(ctx)
	if err != nil {
		panic(err) // NewPool has returned this error already
	}
	return r
}

func (p *Pool) reader(ctx context.Context) (*Reader, error) {
	r, err := NewReader(ctx, p.objects, p.hint)
	if err == nil && p.extras > 0 {
		r.WithExtras(p.extras)
	}
	return r, err
}

// Put takes a Reader back, which must not be used afterwards. The objects that it has read are left alone.
func (p *Pool) Put(r *Reader) {
	r.row.ctx = nil
	for i := range r.objects {
		r.row.bases[i] = nil
		s := &r.objects[i].slab
		s.base, s.left, s.next = nil, 0, p.hint
	}
	clear(r.extras)
	p.free.Put(r)
}
