package nn

import (
	"fmt"
	"math/bits"
)

// smallGraph is a predictor's network for fewer images. It shares weights and input with the whole one.
type smallGraph struct {
	b       *builder
	out     node
	machine *machine
}

// smaller is the graph for count images or a few more.
func (p *Predictor) smaller(count int) (*smallGraph, error) {
	size := 1 << bits.Len(uint(count-1))
	if g := p.small[size]; g != nil {
		return g, nil
	}
	b := newBuilder(p.net, predicting, size)
	b.plan, b.shared = &p.plan, p.b.folds
	b.pixels = p.b.pixels[:len(p.b.pixels)/p.batch*size]
	g := &smallGraph{b: b, out: b.outputs()}
	if b.err != nil {
		return nil, fmt.Errorf("building %s for %d images: %w", p.net.spec.Architecture, size, b.err)
	}
	var err error
	if g.machine, err = newMachine(p.pool, []node{g.out, b.features}, nil, false); err != nil {
		return nil, fmt.Errorf("building %s for %d images: %w", p.net.spec.Architecture, size, err)
	}
	if p.small == nil {
		p.small = map[int]*smallGraph{}
	}
	p.small[size] = g
	return g, nil
}
