package nn

import (
	"fmt"
	"math/bits"
)

// predictionGraph is a predictor's network for some number of images. Those for fewer than the predictor takes share weights, images
// and results with the whole one.
type predictionGraph struct {
	b       *builder
	out     node
	machine *machine
}

// newGraph builds the network for size images.
func (p *Predictor) newGraph(size int) (*predictionGraph, error) {
	b := newBuilder(p.net, predicting, size, p.device, p.home)
	b.plan, b.headOnly = &p.plan, p.headOnly
	if p.graph != nil {
		whole := p.graph.b
		b.sharing = whole.folds
		images := whole.given[whole.image]
		b.imageBuffer = images.Part(0, images.Len/p.batch*size)
		b.pixels = whole.pixels[:b.imageBuffer.Len]
	}
	g := &predictionGraph{b: b, out: b.outputs()}
	if b.err != nil {
		return nil, b.err
	}
	if err := p.placeResults(g); err != nil {
		return nil, err
	}
	var err error
	roots := []node{g.out}
	if !p.headOnly {
		roots = append(roots, b.features)
		if p.net.spec.pools() {
			roots = append(roots, b.vector)
		}
	}
	g.machine, err = newMachine(p.device, roots, b.given, false)
	return g, err
}

// placeResults puts what the host reads of a graph into the predictor's memory.
func (p *Predictor) placeResults(g *predictionGraph) error {
	if p.out == nil {
		if p.net.spec.Task.HasBoxes() {
			p.joint = mapOf(g.out, p.net.spec.Classes)
		}
		var err error
		if p.out, p.outBuffer, err = p.share(nodeSize(g.out)); err != nil {
			return err
		}
		if !p.headOnly {
			if p.features, p.featureBuffer, err = p.share(nodeSize(g.b.features)); err != nil {
				return err
			}
			if p.net.spec.pools() {
				if p.vector, p.vectorBuffer, err = p.share(nodeSize(g.b.vector)); err != nil {
					return err
				}
			}
		}
	}
	g.b.given[g.out] = p.outBuffer.Part(0, nodeSize(g.out))
	if p.headOnly {
		return nil
	}
	g.b.given[g.b.features] = p.featureBuffer.Part(0, nodeSize(g.b.features))
	if p.net.spec.pools() {
		g.b.given[g.b.vector] = p.vectorBuffer.Part(0, nodeSize(g.b.vector))
	}
	return nil
}

func (g *predictionGraph) close() {
	if g.machine != nil {
		_ = g.machine.Close()
	}
	g.b.free()
}

// smaller is the graph for count images or a few more.
func (p *Predictor) smaller(count int) (*predictionGraph, error) {
	size := 1 << bits.Len(uint(count-1))
	if g := p.small[size]; g != nil {
		return g, nil
	}
	g, err := p.newGraph(size)
	if err != nil {
		return nil, fmt.Errorf("building %s for %d images: %w", p.net.spec.Architecture, size, err)
	}
	p.small[size] = g
	return g, nil
}
