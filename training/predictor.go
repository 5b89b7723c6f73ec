package training

import (
	"context"
	"fmt"
	"math"

	"viewfinder/storage/domain"
	"viewfinder/training/data"
	"viewfinder/training/nn"
	"viewfinder/training/picture"
)

// source supplies samples as the network's input.
type source interface {
	Len() int
	// FillBatch writes samples from, from+1, … (count of them) to dst, normalised. A sample that cannot be read is reported and left as it is.
	FillBatch(from, count int, dst []float32, fail func(i int, err error))
	// Transform leads from the sample to the frame; known once the sample was filled.
	Transform(i int) picture.Transform
}

// evaluationPixels bounds a batch of evaluation, so that large inputs do not take more memory than training does.
const evaluationPixels = 64 * 96 * 96

// runner runs a network over sources in evaluation mode.
type runner struct {
	task    domain.Task
	classes int
	size    int // floats of one input
	batch   int
	p       *nn.Predictor
	next    [2][]float32 // inputs being prepared
	targets nn.Targets   // room for a batch
	// each is called for every sample once its batch was run, as the k-th of which it lies in p; nil: nothing is.
	each func(sample, k int)
}

func newRunner(net *nn.Network, threads int) (*runner, error) {
	return newRunnerFor(net, threads, evaluationBatch(net.Spec()))
}

// evaluationBatch is how many images are evaluated at once.
func evaluationBatch(spec nn.Spec) int {
	return min(64, max(1, evaluationPixels/(spec.Height*spec.Width)))
}

// newRunnerFor makes a runner of batches of that many.
func newRunnerFor(net *nn.Network, threads, batch int) (*runner, error) {
	spec := net.Spec()
	p, err := net.Predictor(batch, threads)
	if err != nil {
		return nil, fmt.Errorf("building the network for evaluation: %w", err)
	}
	return runnerOf(p, spec, spec.Height*spec.Width*3), nil
}

// newHeadRunner makes a runner of a network's last layer alone, over sources of features.
func newHeadRunner(net *nn.Network, threads int) (*runner, error) {
	p, err := net.HeadPredictor(headBatch, threads)
	if err != nil {
		return nil, fmt.Errorf("building the network for evaluation: %w", err)
	}
	return runnerOf(p, net.Spec(), net.FeatureSize()), nil
}

// headBatch is how many samples' features are evaluated at once.
const headBatch = 256

func runnerOf(p *nn.Predictor, spec nn.Spec, size int) *runner {
	r := &runner{task: spec.Task, classes: spec.Classes, size: size, batch: p.Batch(), p: p}
	for i := range r.next {
		r.next[i] = make([]float32, r.batch*r.size)
	}
	r.targets = newTargets(r.task, r.classes, r.batch)
	return r
}

func (r *runner) close() { r.p.Close() }

// prepared is a batch of inputs: those of the samples that could be read, one after the other.
type prepared struct {
	until   int // one past the last sample that was tried
	samples []int
	pixels  []float32
	errs    map[int]error // by sample
}

// prepare fills batches ahead of the network on a goroutine of its own, until stop is closed.
func (r *runner) prepare(src source, stop <-chan struct{}) <-chan prepared {
	out := make(chan prepared) // unbuffered: with two buffers one is in work while the other is filled
	go func() {
		defer close(out)
		for from, k := 0, 0; from < src.Len(); from, k = from+r.batch, 1-k {
			select {
			case out <- r.fill(src, from, r.next[k]):
			case <-stop:
				return
			}
		}
	}()
	return out
}

func (r *runner) fill(src source, from int, pixels []float32) prepared {
	b := prepared{until: min(from+r.batch, src.Len()), pixels: pixels, errs: map[int]error{}}
	src.FillBatch(from, b.until-from, pixels, func(i int, err error) { b.errs[i] = err })
	for i := from; i < b.until; i++ {
		if b.errs[i] != nil {
			continue
		}
		if to, at := len(b.samples), i-from; to != at {
			copy(pixels[to*r.size:(to+1)*r.size], pixels[at*r.size:(at+1)*r.size])
		}
		b.samples = append(b.samples, i)
	}
	return b
}

// run predicts every sample of src. Where truths is not nil, loss is the mean over the samples that could be read.
func (r *runner) run(ctx context.Context, src source, truths func(i int) truth, progress func(done, total int)) (predictions []Prediction, loss float64, err error) {
	predictions = make([]Prediction, src.Len())
	stop := make(chan struct{})
	batches := r.prepare(src, stop)
	defer func() {
		close(stop)
		for range batches { // let the goroutine end before its buffers are used again
		}
	}()
	counted := 0
	for b := range batches {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		for i, err := range b.errs {
			predictions[i].Err = err
		}
		if n := len(b.samples); n > 0 {
			l, err := r.forward(b, src, truths, predictions)
			if err != nil {
				return nil, 0, err
			}
			loss += l * float64(n)
			counted += n
		}
		if progress != nil {
			progress(b.until, src.Len())
		}
	}
	if counted > 0 {
		loss /= float64(counted)
	}
	return predictions, loss, nil
}

// forward runs one batch, writes the network's prediction for each of its samples and returns the batch's mean loss.
func (r *runner) forward(b prepared, src source, truths func(i int) truth, predictions []Prediction) (float64, error) {
	n := len(b.samples)
	copy(r.p.Input(), b.pixels[:n*r.size])
	if err := r.p.Forward(n); err != nil {
		return 0, fmt.Errorf("running the network: %w", err)
	}
	loss := 0.0
	if truths != nil {
		for k, i := range b.samples {
			setTarget(r.targets, r.classes, k, truths(i))
		}
		var err error
		if loss, err = r.p.Loss(firstTargets(r.targets, r.classes, n), n); err != nil {
			return 0, fmt.Errorf("computing the loss: %w", err)
		}
	}
	for k, i := range b.samples {
		if r.each != nil {
			r.each(i, k)
		}
		p := &predictions[i]
		switch r.task {
		case domain.Detection:
			p.Boxes = toSample(r.p.Boxes(k, nn.ScoreFloor, nn.MaxFound), src.Transform(i))
		case domain.Classification:
			p.Scores = softmax(r.p.Logits()[k*r.classes : (k+1)*r.classes])
		default:
			p.Scores = sigmoid(r.p.Logits()[k*r.classes : (k+1)*r.classes])
		}
	}
	return loss, nil
}

// toSample brings found boxes from the frame back to the sample; what lies on the padding is dropped.
func toSample(found []domain.Box32, t picture.Transform) []domain.ScoredBox {
	boxes := make([]domain.ScoredBox, 0, len(found))
	for _, f := range found {
		b := domain.ScoredBox{Class: f.Class, Score: float64(f.Score)}
		b.XMin, b.YMin = t.ToPicture(float64(f.XMin), float64(f.YMin))
		b.XMax, b.YMax = t.ToPicture(float64(f.XMax), float64(f.YMax))
		b.Box = b.Clip(domain.Whole())
		if b.Valid() {
			boxes = append(boxes, b)
		}
	}
	return boxes
}

func softmax(logits []float32) []float64 {
	top := math.Inf(-1)
	for _, v := range logits {
		top = max(top, float64(v))
	}
	scores := make([]float64, len(logits))
	sum := 0.0
	for i, v := range logits {
		scores[i] = math.Exp(float64(v) - top)
		sum += scores[i]
	}
	for i := range scores {
		scores[i] /= sum
	}
	return scores
}

func sigmoid(logits []float32) []float64 {
	scores := make([]float64, len(logits))
	for i, v := range logits {
		scores[i] = 1 / (1 + math.Exp(-float64(v)))
	}
	return scores
}

// truth is what a sample should lead to.
type truth struct {
	labels []int
	boxes  []domain.Box32 // in fractions of the frame
}

func truthOf(it data.Item) truth { return truth{it.Labels, it.Boxes} }

// newTargets makes room for the targets of a batch.
func newTargets(task domain.Task, classes, batch int) nn.Targets {
	switch task {
	case domain.Classification:
		return nn.Targets{Labels: make([]int32, batch)}
	case domain.Tagging:
		return nn.Targets{Tags: make([]float32, batch*classes)}
	}
	return nn.Targets{Boxes: make([][]domain.Box32, batch)}
}

// firstTargets are those of the first n of the batch.
func firstTargets(t nn.Targets, classes, n int) nn.Targets {
	switch {
	case t.Labels != nil:
		t.Labels = t.Labels[:n]
	case t.Tags != nil:
		t.Tags = t.Tags[:n*classes]
	default:
		t.Boxes = t.Boxes[:n]
	}
	return t
}

// setTarget writes the k-th target of the batch.
func setTarget(t nn.Targets, classes, k int, is truth) {
	switch {
	case t.Labels != nil:
		t.Labels[k] = int32(is.labels[0])
	case t.Tags != nil:
		tags := t.Tags[k*classes : (k+1)*classes]
		clear(tags)
		for _, c := range is.labels {
			tags[c] = 1
		}
	default:
		t.Boxes[k] = append(t.Boxes[k][:0], is.boxes...)
	}
}
