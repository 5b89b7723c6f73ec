package training

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"viewfinder/storage/domain"
	"viewfinder/training/checkpoint"
	"viewfinder/training/data"
	"viewfinder/training/float16"
	"viewfinder/training/linear"
	"viewfinder/training/nn"
	"viewfinder/training/parallel"
)

// head is the last layer where it learns alone. It learns on standardised features, (feature - mean) * scale, with the weight decay that
// cross-validation on the training set chose: a regularised logistic regression, by the options' optimizer. Mean and scale are fixed from the training set,
// and folded into the layer for whoever judges or saves it.
type head struct {
	mean, scale []float32 // of each feature; the scale is 0 of one that never changes, and smaller or larger by the weight of its group
	decay       float64
	// directions, if there are any, turn standardised features into the numbers that are learnt on, as many as there are directions: see linear.Whitening.
	directions [][]float32
	numbers    []float32 // of what is trained on, [samples][views][directions]; made when first needed
}

// Tensors and metadata of a checkpoint that a head adds.
const (
	headMean       = "head.mean"
	headScale      = "head.scale"
	headDirections = "head.directions"
	metaHeadDecay  = "head_decay"
)

// steepest is the largest variance in any direction that standardised features are scaled to, all together: with it the default learning rate suits any
// backbone. Weight decay is scaled along, so that what is learnt to the end is the same.
const steepest = 20

// cvFolds is into how many parts cross-validation deals the training set.
const cvFolds = 5

// prepareFeatures computes the features of both splits.
func (t *trainer) prepareFeatures(ctx context.Context, split [2][]Sample) error {
	if err := t.network(); err != nil {
		return err
	}
	aug, err := data.NewAugmenter(t.o.Augment, t.run.frame())
	if err != nil {
		return err
	}
	t.tables = map[*data.Set]*featureTable{}
	var bad [2][]data.Problem
	for k, set := range []**data.Set{&t.train, &t.val} {
		views := 1
		if k == 0 {
			views = aug.Views()
		}
		its := items(t.dir, split[k])
		var table *featureTable
		table, bad[k], err = t.extract(ctx, its, aug, views, t.preparing(k, split))
		if err != nil {
			return err
		}
		*set = data.List(its, t.run.frame(), bad[k])
		table.choose((*set).Origin)
		t.samples[*set], t.tables[*set] = split[k], table
	}
	return t.leaveOut(split, bad)
}

// readyHead settles mean, scale and decay: the checkpoint's, or those of the training set.
func (t *trainer) readyHead(ctx context.Context) error {
	var err error
	if t.resumed != nil {
		if t.head, err = headOf(t.resumed, t.net.FeatureSize()); err == nil && t.head == nil {
			err = fmt.Errorf("%w: the checkpoint does not tell how features are standardised", checkpoint.ErrFormat)
		}
		return err
	}
	x, decay, err := t.prepareHead(ctx, t.standardise(t.tables[t.train]))
	if err != nil {
		return err
	}
	by := steepest / max(1e-12, largestVariance(x))
	for i := range t.head.scale {
		t.head.scale[i] *= float32(math.Sqrt(by))
	}
	t.head.decay = decay * by
	w, b := t.net.Last()
	clear(w.Data)
	clear(b.Data)
	return nil
}

// prepareHead whitens standardised features where the samples are few and the head is to stand on statistics, chooses the weight decay, and returns the numbers that
// the head learns on.
func (t *trainer) prepareHead(ctx context.Context, x [][]float32) ([][]float32, float64, error) {
	p := t.problem(x)
	if t.net.Spec().Pooling == nn.PoolingStatistics && len(x) <= linear.MostWhitened {
		z, decay, err := t.whiten(ctx, p)
		if !errors.Is(err, linear.ErrFlat) {
			return z, decay, err
		}
	}
	decay, err := t.chooseDecay(ctx, p, linear.Choose)
	return x, decay, err
}

// whiten settles the head's directions, and the weight decay for what they make of the features. The error may be linear.ErrFlat.
func (t *trainer) whiten(ctx context.Context, p linear.Problem) ([][]float32, float64, error) {
	w, err := linear.Whiten(ctx, p)
	if err != nil {
		return nil, 0, fmt.Errorf("whitening the features: %w", err)
	}
	decay, err := t.chooseDecay(ctx, p, func(ctx context.Context, p linear.Problem, groups []int, folds int) (float64, error) {
		return linear.ChooseWhitened(ctx, p, groups, folds, w.Penalty)
	})
	if err != nil {
		return nil, 0, err
	}
	t.head.directions = w.Directions
	return t.head.whitened(p.X), decay, nil
}

// whitened are the numbers that the directions make of standardised features.
func (h *head) whitened(x [][]float32) [][]float32 {
	out := make([][]float32, len(x))
	parallel.Each(len(x), func(i int) {
		out[i] = make([]float32, len(h.directions))
		for j, d := range h.directions {
			out[i][j] = linear.Dot(d, x[i])
		}
	})
	return out
}

// warmHead gives the head of a pretrained backbone the logistic regression of its features, before all weights learn.
func (t *trainer) warmHead(ctx context.Context) error {
	aug, err := data.NewAugmenter(nil, t.run.frame())
	if err != nil {
		return err
	}
	table, problems, err := t.extract(ctx, t.train.Items, aug, 1, func(done, total int) {
		t.journal.tick(Event{Kind: KindStep, Step: StepBuild, State: StateRunning, Progress: float64(done) / float64(total)})
	})
	if err != nil {
		return err
	}
	if len(problems) > 0 { // it could be read a moment ago
		return problems[0].Err
	}
	x, decay, err := t.prepareHead(ctx, t.standardise(table))
	h := t.head
	t.head = nil
	if err != nil {
		return err
	}
	m, err := linear.Fit(ctx, t.problem(x), decay)
	if err != nil {
		return fmt.Errorf("fitting the head: %w", err)
	}
	w, b := t.net.Last()
	clear(w.Data)
	for c, of := range m.Weights {
		b.Data[c] = float32(m.Bias[c])
		for j, v := range of {
			w.Data[c*w.Shape[1]+j] = float32(v)
		}
	}
	h.fold(t.net)
	t.note(0, NameWeights, "The head was fitted to the backbone's features before everything learns.")
	return nil
}

// standardise fixes mean and scale from what is trained on, all views, and returns the standardised features of the first.
func (t *trainer) standardise(table *featureTable) [][]float32 {
	size := table.size
	mean, square := make([]float64, size), make([]float64, size)
	for _, i := range t.trainable {
		for v := range table.views {
			for j, h := range table.row(i, v) {
				mean[j] += float64(float16.Value(h))
			}
		}
	}
	n := float64(len(t.trainable) * table.views)
	for j := range mean {
		mean[j] /= n
	}
	for _, i := range t.trainable {
		for v := range table.views {
			for j, h := range table.row(i, v) {
				d := float64(float16.Value(h)) - mean[j]
				square[j] += d * d
			}
		}
	}
	t.head = &head{mean: make([]float32, size), scale: make([]float32, size)}
	for j := range mean {
		t.head.mean[j] = float32(mean[j])
		if deviation := math.Sqrt(square[j] / n); deviation > 1e-5 {
			t.head.scale[j] = float32(1 / deviation)
		}
	}
	t.head.weigh(t.net.FeatureGroups())
	x := make([][]float32, len(t.trainable))
	for k, i := range t.trainable {
		x[k] = make([]float32, size)
		t.head.apply(x[k], table.row(i, 0))
	}
	return x
}

// groupShare is what each group of statistics counts, together, beside the mean of the last map, which counts 1: measured in docs/transfer.md.
const groupShare = 0.3

// weigh scales standardised features so that each group after the first has groupShare of the first one's variance, however many numbers it has.
func (h *head) weigh(groups []int) {
	from := groups[0]
	for _, size := range groups[1:] {
		by := float32(math.Sqrt(groupShare * float64(groups[0]) / float64(size)))
		for j := range h.scale[from : from+size] {
			h.scale[from+j] *= by
		}
		from += size
	}
}

// apply writes standardised features.
func (h *head) apply(dst []float32, row []uint16) {
	float16.Values(dst, row)
	for j, v := range dst[:len(row)] {
		dst[j] = (v - h.mean[j]) * h.scale[j]
	}
}

// problem is the regression of the samples that are trained on.
func (t *trainer) problem(x [][]float32) linear.Problem {
	p := linear.Problem{X: x, Classes: len(t.run.Concepts), Exclusive: t.run.Task == domain.Classification}
	for _, i := range t.trainable {
		p.Labels = append(p.Labels, t.train.Items[i].Labels)
	}
	return p
}

// chooseDecay takes the weight decay by cross-validation; crops of one image stay together.
func (t *trainer) chooseDecay(ctx context.Context, p linear.Problem, choose func(context.Context, linear.Problem, []int, int) (float64, error)) (float64, error) {
	images := map[string]int{}
	groups := make([]int, len(t.trainable))
	for k, i := range t.trainable {
		path := t.train.Items[i].Image
		if _, ok := images[path]; !ok {
			images[path] = len(images)
		}
		groups[k] = images[path]
	}
	decay, err := choose(ctx, p, groups, min(cvFolds, max(2, len(images))))
	if err != nil {
		return 0, fmt.Errorf("choosing the weight decay: %w", err)
	}
	t.note(0, NameWeights, fmt.Sprintf("Cross-validation on train chose a weight decay of %g for standardised features.", decay))
	return decay, nil
}

// largestVariance is that of x in the direction in which it is largest, by power iteration.
func largestVariance(x [][]float32) float64 {
	const most, rounds = 500, 30
	if len(x) > most {
		few := make([][]float32, most)
		for i := range few {
			few[i] = x[i*len(x)/most]
		}
		x = few
	}
	v := make([]float64, len(x[0]))
	for j := range v {
		v[j] = 1 + float64(j%7)/7 // no direction of any image's
	}
	variance := 0.0
	for range rounds {
		norm := 0.0
		for _, a := range v {
			norm += a * a
		}
		norm = math.Sqrt(norm)
		if norm == 0 {
			return 0
		}
		next := make([]float64, len(v))
		for _, row := range x {
			dot := 0.0
			for j, a := range row {
				dot += float64(a) * v[j]
			}
			dot /= norm
			for j, a := range row {
				next[j] += dot * float64(a)
			}
		}
		variance = 0
		for j, a := range next {
			variance += a * v[j] / norm
			v[j] = a
		}
		variance /= float64(len(x))
	}
	return variance
}

// fold has the last layer, whose weights are for standardised features, take features as they are.
func (h *head) fold(net *nn.Network) {
	w, b := net.Last()
	size := len(h.mean)
	for c := range b.Data {
		row := w.Data[c*size : (c+1)*size]
		h.unwhiten(row)
		shift := 0.0
		for j := range row {
			row[j] *= h.scale[j]
			shift += float64(row[j]) * float64(h.mean[j])
		}
		b.Data[c] -= float32(shift)
	}
}

// unwhiten turns a class's weights of the directions, the first of row, into weights of standardised features.
func (h *head) unwhiten(row []float32) {
	if h.directions == nil {
		return
	}
	sums := make([]float64, len(row))
	for i, d := range h.directions {
		by := float64(row[i])
		for j, v := range d {
			sums[j] += by * float64(v)
		}
	}
	for j, v := range sums {
		row[j] = float32(v)
	}
}

// keep adds to a checkpoint what the head's weights mean.
func (h *head) keep(tensors []checkpoint.Tensor, meta map[string]string) []checkpoint.Tensor {
	meta[metaHeadDecay] = strconv.FormatFloat(h.decay, 'g', -1, 64)
	size := []int{len(h.mean)}
	if h.directions != nil {
		d := checkpoint.Tensor{Name: headDirections, Shape: []int{len(h.directions), len(h.mean)}, Data: slices.Concat(h.directions...)}
		tensors = append(tensors, d)
	}
	return append(tensors, checkpoint.Tensor{Name: headMean, Shape: size, Data: h.mean}, checkpoint.Tensor{Name: headScale, Shape: size, Data: h.scale})
}

// headOf is the head of a checkpoint, for features of so many numbers; nil where more than the head learnt.
func headOf(file *checkpoint.File, size int) (*head, error) {
	mean, ok := file.Tensors[headMean]
	if !ok {
		return nil, nil
	}
	scale := file.Tensors[headScale]
	decay, err := strconv.ParseFloat(file.Metadata[metaHeadDecay], 64)
	if err != nil || !(decay >= 0) || len(mean.Data) != size || len(scale.Data) != size {
		return nil, fmt.Errorf("%w: how features are standardised cannot be read", checkpoint.ErrFormat)
	}
	h := &head{mean: mean.Data, scale: scale.Data, decay: decay}
	if d, ok := file.Tensors[headDirections]; ok {
		if len(d.Shape) != 2 || d.Shape[0] < 1 || d.Shape[0] > size || d.Shape[1] != size || len(d.Data) != d.Shape[0]*size {
			return nil, fmt.Errorf("%w: how features are whitened cannot be read", checkpoint.ErrFormat)
		}
		for row := range slices.Chunk(d.Data, size) {
			h.directions = append(h.directions, row)
		}
	}
	return h, nil
}

// featureBatches supplies batches of standardised features.
type featureBatches struct {
	t     *trainer
	aug   *data.Augmenter
	order *data.Order
	next  int
	batch data.Batch
}

func (h *head) batches(t *trainer, aug *data.Augmenter) *featureBatches {
	size := len(h.mean)
	return &featureBatches{t: t, aug: aug, order: t.order(), next: t.progress.Iteration, batch: data.Batch{
		Pixels: make([]float32, t.o.BatchSize*size), Samples: make([]int, t.o.BatchSize), Boxes: make([][]domain.Box32, t.o.BatchSize),
	}}
}

// Next is the next iteration's batch.
func (f *featureBatches) Next() *data.Batch {
	if f.next >= f.t.o.Iterations {
		return nil
	}
	h, n := f.t.head, f.t.o.BatchSize
	size, table := len(h.mean), f.t.tables[f.t.train]
	f.batch.Iteration = f.next
	for k := range n {
		i := f.order.At(uint64(f.next)*uint64(n) + uint64(k))
		f.batch.Samples[k] = i
		h.input(f.batch.Pixels[k*size:(k+1)*size], table, i, f.aug.Pick(f.t.o.Seed, f.next, k))
	}
	f.next++
	return &f.batch
}

// input writes what the head learns on of a view of a sample; behind the directions' numbers there is 0.
func (h *head) input(dst []float32, table *featureTable, sample, view int) {
	k := len(h.directions)
	if k == 0 {
		h.apply(dst, table.row(sample, view))
		return
	}
	if h.numbers == nil {
		h.numbers = make([]float32, len(table.half)/table.size*k)
		parallel.Each(len(table.half)/table.size, func(row int) {
			x := make([]float32, table.size)
			h.apply(x, table.half[row*table.size:(row+1)*table.size])
			for j, d := range h.directions {
				h.numbers[row*k+j] = linear.Dot(d, x)
			}
		})
	}
	row := sample*table.views + view
	clear(dst[copy(dst, h.numbers[row*k:(row+1)*k]):])
}

// Close has nothing to give back.
func (f *featureBatches) Close() {}

// pictures are the pixels of the first n of a batch, in the looks whose features were trained on.
func (h *head) pictures(t *trainer, b *data.Batch, n int) ([]float32, error) {
	aug, err := data.NewAugmenter(t.o.Augment, t.run.frame())
	if err != nil {
		return nil, err
	}
	src, work := t.train.Buffer(), t.train.Buffer()
	pixels := make([]float32, n*len(src))
	for k, i := range b.Samples[:n] {
		if err := t.train.Pixels(i, src); err != nil {
			return nil, err
		}
		view := aug.Pick(t.o.Seed, b.Iteration, k)
		aug.Apply(aug.View(t.train.Items[i], view), pixels[k*len(src):(k+1)*len(src)], src, work)
	}
	return pixels, nil
}
