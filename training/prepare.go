package training

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"viewfinder/storage/domain"
	"viewfinder/training/data"
)

// diskBudget bounds the file of decoded pixels that do not fit in memory.
const diskBudget = 16 << 30

// prepare decodes the pictures of both splits.
func (t *trainer) prepare(ctx context.Context) error {
	split, err := t.splits()
	if err != nil {
		return err
	}
	if t.headAlone() {
		return t.prepareFeatures(ctx, split)
	}
	budget := data.Budget{Memory: memoryBudget(), Disk: diskBudget, Dir: filepath.Join(t.dir, cacheDir)}
	var bad [2][]data.Problem
	for k, set := range []**data.Set{&t.train, &t.val} {
		b := budget
		b.Dir = filepath.Join(budget.Dir, []string{SplitTrain, SplitVal}[k])
		*set, bad[k], err = data.Load(ctx, items(t.dir, split[k]), t.run.frame(), b, t.preparing(k, split))
		if err != nil {
			return err
		}
		budget.Memory -= (*set).Memory()
		t.samples[*set] = split[k]
	}
	return t.leaveOut(split, bad)
}

// splits are the samples of train and val.
func (t *trainer) splits() (split [2][]Sample, err error) {
	for _, s := range t.run.Samples { // what is in neither is not for a training; Validate refuses it
		switch s.Split {
		case SplitTrain:
			split[0] = append(split[0], s)
		case SplitVal:
			split[1] = append(split[1], s)
		}
	}
	if len(split[0]) == 0 {
		return split, errors.New("there is nothing to train on: no annotated image is in the train split")
	}
	return split, nil
}

// preparing returns a function that records the progress of preparing split k.
func (t *trainer) preparing(k int, split [2][]Sample) func(done, total int) {
	return func(done, total int) {
		share := float64(k*len(split[0])) + float64(len(split[k]))*float64(done)/float64(max(1, total))
		t.journal.tick(Event{Kind: KindStep, Step: StepPrepare, State: StateRunning, Progress: share / float64(len(t.run.Samples))})
	}
}

// leaveOut warns of samples that cannot be read, and settles what is trained on.
func (t *trainer) leaveOut(split [2][]Sample, bad [2][]data.Problem) error {
	for k, problems := range bad {
		if len(problems) == 0 {
			continue
		}
		if k == 0 && len(problems) == len(split[0]) {
			return fmt.Errorf("none of the %d training images can be read: %w", len(problems), problems[0].Err)
		}
		t.warn(0, fmt.Sprintf("%d of %d %s images cannot be read and are left out: %s.", len(problems), len(split[k]), []string{SplitTrain, SplitVal}[k], list(problems)))
	}
	if len(t.val.Items) == 0 {
		t.warn(0, "No image is in the val split, so the network cannot be evaluated on images it has not seen; the last iteration's weights will be used.")
	}
	return t.choose()
}

// list names the first few files of the problems.
func list(problems []data.Problem) string {
	const most = 3
	var b strings.Builder
	for i, p := range problems {
		if i == most {
			fmt.Fprintf(&b, "; and %d more", len(problems)-most)
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(p.Err.Error())
	}
	return b.String()
}

// choose settles which samples are trained on.
func (t *trainer) choose() error {
	seen := make([]bool, len(t.run.Concepts))
	t.trainable = t.trainable[:0]
	for i, it := range t.train.Items {
		if !t.run.Task.LearnsFromEmpty() && len(it.Labels)+len(it.Boxes) == 0 {
			continue
		}
		t.trainable = append(t.trainable, i)
		for _, c := range it.Labels {
			seen[c] = true
		}
		for _, b := range it.Boxes {
			seen[b.Class] = true
		}
	}
	if len(t.trainable) == 0 {
		return errors.New("there is nothing to train on: no training image has a box; draw some")
	}
	var missing []string
	for c, ok := range seen {
		if !ok {
			missing = append(missing, t.run.Concepts[c].Name)
		}
	}
	if len(missing) > 0 {
		t.warn(0, "No training image shows "+strings.Join(missing, ", ")+", so it cannot be learned.")
	}
	digest := t.usedDigest()
	if t.resumed != nil && t.progress.Samples != digest {
		t.warn(0, "Not the same images are readable as when the training started, so the result will differ from an uninterrupted training.")
	}
	t.progress.Samples = digest
	return nil
}

// usedDigest identifies the samples that could be read.
func (t *trainer) usedDigest() string {
	h := sha256.New()
	for _, s := range []*data.Set{t.train, t.val} {
		for _, i := range s.Origin {
			_ = binary.Write(h, binary.LittleEndian, int64(i))
		}
		_ = binary.Write(h, binary.LittleEndian, int64(-1))
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// order is the order of the samples in the training.
func (t *trainer) order() *data.Order {
	if t.o.Balance == BalanceSampling {
		return data.NewBalancedOrder(t.o.Seed, data.Groups(t.train.Items, t.trainable, len(t.run.Concepts)))
	}
	return data.NewOrder(t.o.Seed, t.trainable)
}

// classWeights are a weight for each concept, from how often it occurs among what is trained on, see classWeightsOf; nil where the option is off.
func (t *trainer) classWeights() []float32 {
	if t.o.Balance != BalanceWeighted {
		return nil
	}
	counts := make([]float64, len(t.run.Concepts))
	for _, i := range t.trainable {
		for _, c := range t.train.Items[i].Labels {
			counts[c]++
		}
		for _, b := range t.train.Items[i].Boxes {
			counts[b.Class]++
		}
	}
	return classWeightsOf(counts, len(t.trainable), t.run.Task)
}

// classWeightsOf are the weights of concepts that occur so often in so many samples, a concept that does not occur as if it did once. Of a
// classification and a detection, the inverse of that, so that the mean weight of a sample, or of a concept, is 1. Of a tagging, negatives over
// positives, as PyTorch advises for the pos_weight of BCEWithLogitsLoss: the weight of a positive, beside which a negative has 1.
func classWeightsOf(counts []float64, samples int, task domain.Task) []float32 {
	sum, total := 0.0, 0.0
	for _, n := range counts {
		sum += 1 / max(1, n)
		total += n
	}
	weights := make([]float32, len(counts))
	for c, n := range counts {
		switch task {
		case domain.Classification:
			weights[c] = float32(total / (float64(len(counts)) * max(1, n)))
		case domain.Tagging:
			weights[c] = float32(max(1, float64(samples)-n) / max(1, n)) // 0 would have a concept of all samples never learnt
		default:
			weights[c] = float32(float64(len(counts)) / (sum * max(1, n)))
		}
	}
	return weights
}
