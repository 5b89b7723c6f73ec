package nn

import (
	"fmt"

	"viewfinder/storage/domain"
	"viewfinder/training/kernels"
)

// Predictor computes what a network says of images: batch norm with the running statistics, folded into the convolutions.
// It computes the same whatever the number of threads. A Predictor is for one goroutine.
type Predictor struct {
	net     *Network
	batch   int
	pool    *kernels.Pool
	b       *builder
	out     []float32
	map_    detectionMap
	machine *machine
	plan    plan
	// small holds the same network for fewer images, by their number (powers of two), made when first needed; last is what the
	// last Forward ran on, a value of small or nil.
	small map[int]*smallGraph
	last  *smallGraph

	loss    *detectionLossState
	target  []float32
	labels  []int32
	decoder *decoder
}

// Predictor makes a predictor of n for at most batch images at a time. Its weights are n's at this moment; Sync fetches
// them anew. threads 0 stands for one for each physical core. The errors are ErrSpec.
func (n *Network) Predictor(batch, threads int) (*Predictor, error) {
	if batch < 1 || batch > MaxBatch {
		return nil, fmt.Errorf("%w: a batch of %d (1 to %d are possible)", ErrSpec, batch, MaxBatch)
	}
	p := &Predictor{net: n, batch: batch, pool: kernels.NewPool(threads)}
	if err := p.build(); err != nil {
		p.pool.Close()
		return nil, fmt.Errorf("building %s for prediction: %w", n.spec.Architecture, err)
	}
	return p, nil
}

func (p *Predictor) build() error {
	var err error
	if p.plan, err = parsePlan(""); err != nil {
		return err
	}
	p.b = newBuilder(p.net, predicting, p.batch)
	p.b.plan = &p.plan
	out := p.b.outputs()
	if p.b.err != nil {
		return p.b.err
	}
	if p.machine, err = newMachine(p.pool, []node{out, p.b.features}, nil, false); err != nil {
		return err
	}
	p.out = p.machine.value(out)
	switch spec := p.net.spec; spec.Task {
	case domain.Classification:
		p.target, p.labels = make([]float32, p.batch), make([]int32, p.batch)
	case domain.Tagging:
		p.target = make([]float32, p.batch*spec.Classes)
	case domain.Detection:
		p.map_ = mapOf(out, spec.Classes)
		p.decoder = newDecoder(p.map_)
	}
	p.Sync()
	return nil
}

// Sync fetches the network's weights and running statistics, after training steps or LoadState.
func (p *Predictor) Sync() {
	for _, f := range p.b.folds {
		f.update(p.pool)
	}
}

// Batch is the largest number of images that Forward takes.
func (p *Predictor) Batch() int { return p.batch }

// Input is the memory of the images, [batch][height][width][3], to be filled before Forward.
func (p *Predictor) Input() []float32 { return p.b.pixels }

// Forward computes the network's answer for the first count images of Input. It takes no longer than about their number asks for:
// where they are at most half of the batch, a graph for so many does it.
func (p *Predictor) Forward(count int) error {
	if count < 1 || count > p.batch {
		return fmt.Errorf("%w: %d images (the predictor takes 1 to %d)", ErrSpec, count, p.batch)
	}
	p.last = nil
	if 2*count > p.batch {
		return p.machine.RunAll()
	}
	g, err := p.smaller(count)
	if err != nil {
		return err
	}
	if err := g.machine.RunAll(); err != nil {
		return err
	}
	p.last = g
	copy(p.out, g.machine.value(g.out))
	return nil
}

// Logits is the answer of classification (softmax of it is the probability) and tagging (sigmoid of it is):
// [batch][classes], valid until the next Forward. It is nil for detection.
func (p *Predictor) Logits() []float32 {
	if p.net.spec.Task == domain.Detection {
		return nil
	}
	return p.out
}

// Boxes is the boxes found in image i of the last Forward, the surest first: those whose score is at least threshold, at
// most limit. Of boxes of one class that overlap, the surest stays (see decoder). It is nil for other tasks.
func (p *Predictor) Boxes(i int, threshold float32, limit int) []domain.Box32 {
	if p.net.spec.Task != domain.Detection || i < 0 || i >= p.batch {
		return nil
	}
	size := len(p.out) / p.batch
	return p.decoder.decode(p.out[i*size:(i+1)*size], threshold, limit)
}

// Loss is the mean loss of the first count images of the last Forward, without class weights and label smoothing, so that
// runs can be compared. The error is ErrTargets.
func (p *Predictor) Loss(targets Targets, count int) (float64, error) {
	if count < 1 || count > p.batch {
		return 0, fmt.Errorf("%w: %d images (the predictor takes 1 to %d)", ErrSpec, count, p.batch)
	}
	spec := p.net.spec
	m := p.map_
	m.n = count
	if spec.Task == domain.Detection && p.loss == nil {
		p.loss = newDetectionLoss(p.map_, nil)
		p.target = make([]float32, elements(p.map_.target()))
	}
	if err := fillTarget(spec, m, targets, count, p.target); err != nil {
		return 0, err
	}
	switch spec.Task {
	case domain.Classification:
		for i, v := range p.target[:count] {
			p.labels[i] = int32(v)
		}
		return kernels.SoftmaxCrossEntropy(count, spec.Classes, p.out[:count*spec.Classes], p.labels[:count], nil, 0, nil), nil
	case domain.Tagging:
		n := count * spec.Classes
		return kernels.SigmoidBCE(count, spec.Classes, p.out[:n], p.target[:n], nil, nil, nil), nil
	}
	return p.loss.compute(p.pool, count, p.out, p.target, nil), nil
}

// SetThreads changes the number of threads; 0 stands for one for each physical core.
func (p *Predictor) SetThreads(threads int) { p.pool.SetThreads(threads) }

// SetGate has f called before each part of an operation, where it may wait: see kernels.Pool.
func (p *Predictor) SetGate(f func()) { p.pool.SetGate(f) }

// Close ends the predictor's threads and gives its memory back; it must not be used afterwards.
func (p *Predictor) Close() {
	p.pool.Close()
	for _, g := range p.small {
		_ = g.machine.Close()
	}
	p.small, p.last = nil, nil
	_ = p.machine.Close() // of a machine of ours it cannot fail
}
