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
	free    sync.Pool
}

// NewPool returns a Pool of Readers; see [NewReader].
func NewPool(objects []compile.Object, hint int) (*Pool, error) {
	p := &Pool{objects: objects, hint: hint}
	r, err := NewReader(context.Background(), objects, hint)
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
	r, err := NewReader(ctx, p.objects, p.hint)
	if err != nil {
		panic(err) // NewPool has returned this error already
	}
	return r
}

// Put takes a Reader back, which must not be used afterwards. The objects that it has read are left alone.
func (p *Pool) Put(r *Reader) {
	r.row.ctx = nil
	for i := range r.objects {
		r.row.bases[i] = nil
		s := &r.objects[i].slab
		s.base, s.left, s.next = nil, 0, p.hint
	}
	p.free.Put(r)
}
