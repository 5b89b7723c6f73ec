package nn

import "fmt"

// Footprint is how much memory a network takes in work, in bytes: it grows in a line with the batch.
type Footprint struct {
	Fixed    int64 // whatever the batch: weights, gradients, the optimizer's state
	PerImage int64
	Weights  int64 // of Fixed, what the network's state takes once
}

// Bytes is what a batch of that many takes.
func (f Footprint) Bytes(batch int) int64 { return f.Fixed + int64(batch)*f.PerImage }

// TrainingFootprint is what a trainer with these options takes; its Batch plays no part. It builds the network for one and for two images
// (a tenth of a second) and draws the line through both: up to 7% off for other batches, see TestTrainingFootprint.
func TrainingFootprint(spec Spec, o TrainerOptions) (Footprint, error) {
	n, err := New(spec, 0)
	if err != nil {
		return Footprint{}, err
	}
	o.Threads = 1
	f, err := line(func(batch int) (int, error) {
		o.Batch = batch
		t, err := n.Trainer(o)
		if err != nil {
			return 0, err
		}
		defer t.Close()
		return t.Memory(), nil
	})
	if err != nil {
		return f, err
	}
	for _, v := range n.State() {
		f.Weights += 4 * int64(len(v.Data))
	}
	f.Fixed += f.Weights
	return f, nil
}

// PredictionFootprint is what a predictor takes.
func PredictionFootprint(spec Spec) (Footprint, error) {
	n, err := New(spec, 0)
	if err != nil {
		return Footprint{}, err
	}
	return line(func(batch int) (int, error) {
		p, err := n.Predictor(batch, 1)
		if err != nil {
			return 0, err
		}
		defer p.Close()
		return p.memory(), nil
	})
}

// line goes through what one image and what two take.
func line(memory func(batch int) (int, error)) (Footprint, error) {
	one, err := memory(1)
	if err != nil {
		return Footprint{}, fmt.Errorf("estimating memory: %w", err)
	}
	two, err := memory(2)
	if err != nil {
		return Footprint{}, fmt.Errorf("estimating memory: %w", err)
	}
	per := int64(max(0, two-one))
	return Footprint{Fixed: max(0, int64(one)-per), PerImage: per}, nil
}
