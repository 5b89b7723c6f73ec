package training

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"time"

	"viewfinder/training/checkpoint"
	"viewfinder/training/data"
	"viewfinder/training/nn"
)

// errNotFinite is what weights give that are no longer finite; the same as nn's for the loss.
var errNotFinite = nn.ErrNotFinite

// loop trains from the iteration that was reached to the last.
func (t *trainer) loop(ctx context.Context) error {
	p := &t.progress
	measures := MetricIterations(t.o.Iterations, t.o.MetricsInterval)
	t.rate = newRate(t.o)
	if _, at := slices.BinarySearch(measures, p.Iteration); at && p.Measured < p.Iteration { // stopped in the midst of it
		if err := t.measure(ctx); err != nil {
			return t.leave(ctx, err)
		}
	}
	watching, watched := context.WithCancel(ctx)
	defer watched()
	go t.watchThreads(watching)
	yielding := &yielding{file: filepath.Join(t.dir, yieldFile)}
	go yielding.watch(watching)
	t.step.SetGate(yielding.gate)
	t.eval.p.SetGate(yielding.gate)
	if err := t.guessMeasure(ctx); err != nil {
		return t.leave(ctx, err)
	}
	loader, err := t.batches()
	if err != nil {
		return err
	}
	defer loader.Close()
	targets := newTargets(t.run.Task, len(t.run.Concepts), t.o.BatchSize)
	rates := newSchedule(t.o)
	for p.Iteration < t.o.Iterations && !p.Ended {
		if ctx.Err() != nil {
			return t.leave(ctx, ctx.Err())
		}
		begin := time.Now()
		t.takeThreads()
		learningRate := rates.at(p.Iteration)
		batch := loader.Next()
		loss, err := t.iterate(batch, targets, learningRate)
		if err != nil {
			return err
		}
		p.Iteration++
		t.showBatch(batch)
		t.rate.took(time.Since(begin))
		next, measuring := slices.BinarySearch(measures, p.Iteration)
		if t.rate.tell(p.Iteration, measuring || p.Iteration == 1) {
			t.journal.add(Event{Kind: KindBatch, Iteration: p.Iteration, Iterations: t.o.Iterations, Values: map[string]float64{
				CurveBatchLoss: loss, CurveLearningRate: learningRate, ValueImagesPerSecond: t.rate.imagesPerSecond(),
				ValueSecondsLeft: t.rate.left(t.o.Iterations-p.Iteration, len(measures)-next+1),
			}}, false)
		}
		if measuring {
			if err := t.measure(ctx); err != nil {
				return t.leave(ctx, err)
			}
		}
		if measuring || t.saver.due() {
			if err := t.checkpoint(); err != nil {
				return err
			}
		}
		if err := errors.Join(t.saver.failed(), t.journal.failure()); err != nil {
			return err
		}
	}
	return t.saver.wait()
}

// batches supplies what the iterations train on.
type batches interface {
	Next() *data.Batch // valid until the next call; nil after the last
	Close()
}

func (t *trainer) batches() (batches, error) {
	aug, err := data.NewAugmenter(t.o.Augment, t.run.frame())
	if err != nil {
		return nil, err
	}
	if t.head != nil {
		return t.head.batches(t, aug), nil
	}
	return data.NewLoader(t.train, t.order(), aug, data.LoaderOptions{
		Batch: t.o.BatchSize, Seed: t.o.Seed, Start: t.progress.Iteration, End: t.o.Iterations, Workers: 2,
	}), nil
}

// iterate runs one iteration: forward, loss, backward and update.
func (t *trainer) iterate(b *data.Batch, targets nn.Targets, learningRate float64) (float64, error) {
	if b.Err != nil {
		return 0, b.Err
	}
	copy(t.step.Input(), b.Pixels)
	for k, i := range b.Samples {
		is := truth{labels: t.train.Items[i].Labels, boxes: b.Boxes[k]}
		setTarget(targets, len(t.run.Concepts), k, is)
	}
	loss, err := t.step.Step(targets, learningRate)
	if err != nil {
		return loss, fmt.Errorf("iteration %d, learning rate %.3g: %w", b.Iteration+1, learningRate, err)
	}
	if !finite(loss) {
		return loss, fmt.Errorf("iteration %d, learning rate %.3g: the loss is %v: %w", b.Iteration+1, learningRate, loss, errNotFinite)
	}
	return loss, nil
}

// leave keeps the state before the loop is left for a stop; other errors go on as they are.
func (t *trainer) leave(ctx context.Context, err error) error {
	if ctx.Err() == nil || !errors.Is(err, ctx.Err()) {
		return err
	}
	if err := t.checkpoint(); err != nil {
		return err
	}
	if err := t.saver.wait(); err != nil {
		return err
	}
	return ErrStopped
}

// checkpoint begins to write the present state.
func (t *trainer) checkpoint() error {
	t.journal.sync()
	if err := t.step.Fetch(); err != nil {
		return err
	}
	tensors := append(state(t.net), toCheckpoint(t.step.SolverState())...)
	meta := map[string]string{metaProgress: t.progress.String(), metaRun: t.digest, metaPlan: t.step.Plan()}
	if t.head != nil {
		tensors = t.head.keep(tensors, meta)
	}
	return t.saver.save(t.progress.Iteration, t.progress.BestIteration, tensors, meta)
}

// measure computes the four curves over whole sets.
func (t *trainer) measure(ctx context.Context) error {
	begin := time.Now()
	p := &t.progress
	if err := t.average(); err != nil {
		return err
	}
	if err := t.eval.p.Sync(); err != nil {
		return err
	}
	values := map[string]float64{}
	if n := t.val.Len(); n > 0 {
		values[ValueValImages] = float64(n)
	}
	var deciding *Evaluation
	for _, s := range []struct {
		set            *data.Set
		loss, accuracy string
	}{{t.train, CurveTrainLoss, CurveTrainAccuracy}, {t.val, CurveValLoss, CurveValAccuracy}} {
		if s.set.Len() == 0 {
			continue
		}
		e, err := t.evaluateSet(ctx, s.set, nil)
		if err != nil {
			return err
		}
		values[s.loss] = e.Loss
		if s.set != t.val || e.Judges() { // an accuracy of nothing is none
			values[s.accuracy] = e.Accuracy
		}
		deciding = e
	}
	headline, name := deciding.Headline()
	if t.val.Len() == 0 { // nothing decides: the last is kept
		p.BestIteration = 0
	}
	if t.val.Len() == 0 || !deciding.Judges() {
		name = "" // no figure that could be shown
	}
	loss := deciding.Loss
	if !finite(loss) {
		loss = math.MaxFloat64
	}
	p.evaluated(p.Iteration, headline, loss, name)
	p.Measured = p.Iteration
	t.rate.measured(time.Since(begin))
	e := Event{Kind: KindMetrics, Iteration: p.Iteration, Iterations: t.o.Iterations}
	p.announce(&e)
	maps.Copy(e.Values, values)
	t.journal.add(e, true)
	if n := t.o.EarlyStopping; n > 0 && p.Stale >= n && t.val.Len() > 0 && p.Iteration < t.o.Iterations {
		p.Ended = true
		t.note(p.Iteration, NameEarlyStop, fmt.Sprintf("Early stopping at iteration %d: no improvement on val in %d evaluations, since iteration %d.", p.Iteration, n, p.BestIteration))
	}
	return nil
}

// guessMeasure times an evaluation of one batch, so that the time left is known before the first evaluation of all.
func (t *trainer) guessMeasure(ctx context.Context) error {
	part := firstOf{t.source(t.train), min(t.eval.batch, t.train.Len())}
	for range 2 { // the first warms caches up
		begin := time.Now()
		if _, _, err := t.eval.run(ctx, part, nil, nil); err != nil {
			return err
		}
		t.rate.guess(time.Duration(float64(time.Since(begin)) * float64(t.train.Len()+t.val.Len()) / float64(part.n)))
	}
	return nil
}

// firstOf is the beginning of a source.
type firstOf struct {
	source
	n int
}

func (f firstOf) Len() int { return f.n }

// evaluateSet computes all figures of the network as it is on a set.
func (t *trainer) evaluateSet(ctx context.Context, set *data.Set, progress func(done, total int)) (*Evaluation, error) {
	predictions, loss, err := t.eval.run(ctx, t.source(set), func(i int) truth { return truthOf(set.Items[i]) }, progress)
	if err != nil {
		return nil, err
	}
	split := t.samples[set]
	samples := make([]Sample, set.Len())
	for i, at := range set.Origin {
		samples[i] = split[at]
		predictions[i].Key = samples[i].Key
		if predictions[i].Err != nil {
			return nil, predictions[i].Err
		}
	}
	e, err := Compute(t.run.Task, t.run.Concepts, samples, predictions, 0)
	if err != nil {
		return nil, err
	}
	e.Loss = loss
	return e, nil
}

// loadKept brings the judged network to the weights that the version uses and returns their iteration.
func (t *trainer) loadKept() (int, error) {
	p := t.progress
	if err := t.average(); err != nil { // the present ones, where no others are wanted or can be read
		return 0, err
	}
	if t.o.Keep == KeepLast || p.BestIteration == 0 || p.BestIteration == p.Iteration {
		return p.Iteration, nil
	}
	if err := t.saver.wait(); err != nil {
		return 0, err
	}
	file, err := t.store.Load(p.BestIteration)
	if errors.Is(err, checkpoint.ErrFormat) {
		t.warn(p.Iteration, fmt.Sprintf("The weights of the best iteration, %d, are damaged; those of the last iteration are used: %v.", p.BestIteration, err))
		return p.Iteration, nil
	}
	if err != nil {
		return 0, fmt.Errorf("reading the best iteration's weights: %w", err)
	}
	return p.BestIteration, loadJudged(t.judged, file)
}
