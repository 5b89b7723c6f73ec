package nn

import (
	"fmt"

	"viewfinder/storage/domain"
	"viewfinder/training/backend"
	"viewfinder/training/backend/cpu"
)

// Predictor computes a network's predictions for images: batch norm with the running statistics, folded into the convolutions.
// It computes the same whatever the number of threads. A Predictor is for one goroutine.
type Predictor struct {
	net       *Network
	batch     int
	headOnly  bool // see HeadPredictor
	device    backend.Device
	ownDevice bool
	home      *mirror // the network's memory on the device
	plan      plan
	joint     detectionMap

	graph *predictionGraph
	// small holds the same network for fewer images, by their number (powers of two), made when first needed; last is what the
	// last Forward ran on.
	small map[int]*predictionGraph
	last  *predictionGraph
	folds backend.Program // computes the weights of all of them

	out, features, vector, target, loss                              []float32
	outBuffer, featureBuffer, vectorBuffer, targetBuffer, lossBuffer backend.Buffer
	hasFeatures, hasVector                                           bool // features and vector are the last Forward's
	losses                                                           map[int]*lossProgram
	decoder                                                          *decoder
}

// Predictor makes a predictor of n for at most batch images at a time. Its weights are n's at this moment; Sync fetches
// them anew. threads 0 stands for one for each physical core. The errors are ErrSpec.
func (n *Network) Predictor(batch, threads int) (*Predictor, error) {
	return n.predictor(batch, false, func() (backend.Device, bool) { return cpu.New(threads), true })
}

// HeadPredictor makes a predictor of n's last layer alone: Input takes features, [batch][FeatureSize], in the place of images. It has no
// Features and no ActivationMap. It is not for detection.
func (n *Network) HeadPredictor(batch, threads int) (*Predictor, error) {
	if n.spec.Task.HasBoxes() {
		return nil, fmt.Errorf("%w: the head of a detector does not predict from features alone", ErrSpec)
	}
	return n.predictor(batch, true, func() (backend.Device, bool) { return cpu.New(threads), true })
}

// PredictorOn makes a predictor that computes on a device.
func (n *Network) PredictorOn(device backend.Device, batch int) (*Predictor, error) {
	return n.predictor(batch, false, func() (backend.Device, bool) { return device, false })
}

func (n *Network) predictor(batch int, headOnly bool, device func() (backend.Device, bool)) (*Predictor, error) {
	if batch < 1 || batch > MaxBatch {
		return nil, fmt.Errorf("%w: a batch of %d (1 to %d are possible)", ErrSpec, batch, MaxBatch)
	}
	p := &Predictor{net: n, batch: batch, headOnly: headOnly, small: map[int]*predictionGraph{}, losses: map[int]*lossProgram{}}
	p.device, p.ownDevice = device()
	if err := p.build(); err != nil {
		p.Close()
		return nil, fmt.Errorf("building %s for prediction: %w", n.spec.Architecture, err)
	}
	return p, nil
}

func (p *Predictor) build() error {
	var err error
	if p.plan, err = parsePlan(p.device, ""); err != nil {
		return err
	}
	if p.home, err = p.net.home(p.device); err != nil {
		return err
	}
	if p.graph, err = p.newGraph(p.batch); err != nil {
		return err
	}
	if p.folds, err = p.graph.b.recordFolds(); err != nil {
		return err
	}
	p.last = p.graph
	if p.net.spec.Task.HasBoxes() {
		p.decoder = newDecoder(p.joint)
	}
	return p.Sync()
}

// share makes memory of n float32 that the host reads or writes, too.
func (p *Predictor) share(n int) ([]float32, backend.Buffer, error) {
	host := alignedFloats(n)
	b, err := p.device.Share(host)
	return host, b, err
}

// Sync fetches the network's weights and running statistics, after training steps or LoadState.
func (p *Predictor) Sync() error {
	_, err := p.net.bring(p.home)
	if err == nil && p.folds != nil {
		err = p.folds.Run()
	}
	return err
}

// Batch is the largest number of images that Forward takes.
func (p *Predictor) Batch() int { return p.batch }

// Input is the memory of the images, [batch][height][width][3], or features, to be filled before Forward.
func (p *Predictor) Input() []float32 { return p.graph.b.pixels }

// Forward computes the network's outputs for the first count images of Input. Its time is about proportional to their number:
// where they are at most half of the batch, a graph for so many does it.
func (p *Predictor) Forward(count int) error {
	if count < 1 || count > p.batch {
		return fmt.Errorf("%w: %d images (the predictor takes 1 to %d)", ErrSpec, count, p.batch)
	}
	g := p.graph
	if 2*count <= p.batch {
		var err error
		if g, err = p.smaller(count); err != nil {
			return err
		}
	}
	p.last, p.hasFeatures, p.hasVector = g, false, false
	images := g.b.given[g.b.image]
	if err := p.device.Upload(images, p.graph.b.pixels[:images.Len]); err != nil {
		return err
	}
	if err := g.machine.RunAll(); err != nil {
		return err
	}
	out := g.b.given[g.out]
	return p.device.Download(out, p.out[:out.Len])
}

// Logits is the output of classification (softmax of it is the probability) and tagging (sigmoid of it is):
// [batch][classes], valid until the next Forward. It is nil for detection.
func (p *Predictor) Logits() []float32 {
	if p.net.spec.Task.HasBoxes() {
		return nil
	}
	return p.out
}

// Boxes is the boxes found in image i of the last Forward, highest score first: those whose score is at least threshold, at
// most limit. Of boxes of one class that overlap, the one of the highest score stays (see decoder). It is nil for other tasks.
func (p *Predictor) Boxes(i int, threshold float32, limit int) []domain.Box32 {
	if !p.net.spec.Task.HasBoxes() || i < 0 || i >= p.batch {
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
	l, err := p.lossOf(count)
	if err != nil {
		return 0, err
	}
	m := p.joint
	m.n = count
	if err := fillTarget(p.net.spec, m, targets, count, p.target); err != nil {
		return 0, err
	}
	if err := p.device.Upload(l.target, p.target[:l.target.Len]); err != nil {
		return 0, err
	}
	if err := l.program.Run(); err != nil {
		return 0, err
	}
	if err := p.device.Download(p.lossBuffer, p.loss); err != nil {
		return 0, err
	}
	return float64(p.loss[0]), nil
}

// lossProgram computes the loss of so many images.
type lossProgram struct {
	program         backend.Program
	target, scratch backend.Buffer
}

// lossOf is the program for the first count images.
func (p *Predictor) lossOf(count int) (*lossProgram, error) {
	if l := p.losses[count]; l != nil {
		return l, nil
	}
	o := lossFor(p.net.spec, count, p.joint, nil, 0)
	whole := elements(o.in[1]) / count * p.batch
	var err error
	if p.target == nil {
		if p.target, p.targetBuffer, err = p.share(whole); err != nil {
			return nil, err
		}
		if p.loss, p.lossBuffer, err = p.share(1); err != nil {
			return nil, err
		}
	}
	l := &lossProgram{target: p.targetBuffer.Part(0, elements(o.in[1]))}
	op := backend.Op{Kernel: o.kernel, In: []backend.Buffer{p.outBuffer.Part(0, elements(o.in[0])), l.target}, Out: []backend.Buffer{p.lossBuffer, {}}}
	size, err := p.device.Scratch(op)
	if err != nil {
		return nil, err
	}
	if l.scratch, err = p.device.Allocate(size); err != nil {
		return nil, err
	}
	op.Scratch = l.scratch
	if l.program, err = p.device.Record([]backend.Op{op}); err != nil {
		return nil, err
	}
	p.losses[count] = l
	return l, nil
}

// SetThreads changes the number of threads, if the device has such; 0 stands for one for each physical core.
func (p *Predictor) SetThreads(threads int) { setThreads(p.device, threads) }

// SetGate has f called before each part of an operation, where it may wait: see backend.Device.
func (p *Predictor) SetGate(f func()) { p.device.SetGate(f) }

// memory is the number of bytes that results and images take.
func (p *Predictor) memory() int {
	return 4 * (p.graph.machine.where.arena.Len + len(p.graph.b.pixels) + len(p.out) + len(p.features) + len(p.vector))
}

// Close gives the predictor's memory back, and ends its threads unless it was given a device; it must not be used afterwards.
func (p *Predictor) Close() {
	for _, l := range p.losses {
		l.program.Close()
		p.device.Free(l.scratch)
	}
	for _, g := range p.small {
		g.close()
	}
	if p.folds != nil {
		p.folds.Close()
	}
	if p.graph != nil {
		p.graph.close()
	}
	for _, b := range []backend.Buffer{p.outBuffer, p.featureBuffer, p.vectorBuffer, p.targetBuffer, p.lossBuffer} {
		p.device.Free(b)
	}
	if p.home != nil {
		p.net.release(p.home)
	}
	if p.ownDevice {
		p.device.Close()
	}
}
