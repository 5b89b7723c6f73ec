package training

import (
	"context"
	"image"

	"viewfinder/training/data"
	"viewfinder/training/picture"
)

// Explanation is a network's prediction for one picture with its class activation maps.
type Explanation struct {
	Prediction
	// Maps holds one class activation map a concept: what each place adds to the concept's logit (classification, tagging; the sum is the logit less
	// the bias), or the score at that place (detection). Each has MapHeight rows of MapWidth.
	Maps                [][]float32
	MapHeight, MapWidth int
	// Frame maps the picture to the area that the maps cover.
	Frame picture.Transform
}

// Explain runs the network on one upright picture with a predictor made for one, so that the answer comes at once.
func (m *Model) Explain(ctx context.Context, img *image.RGBA) (Explanation, error) {
	if m.one == nil {
		one, err := newRunnerFor(m.net, m.Run.Options.Threads, 1)
		if err != nil {
			return Explanation{}, err
		}
		m.one = one
	}
	src := data.NewPictures([]*image.RGBA{img}, m.frame)
	predictions, _, err := m.one.run(ctx, src, nil, nil)
	if err != nil {
		return Explanation{}, err
	}
	e := Explanation{Prediction: predictions[0], Frame: src.Transform(0), Maps: make([][]float32, len(m.Run.Concepts))}
	for class := range e.Maps {
		e.Maps[class], e.MapHeight, e.MapWidth = m.one.p.ActivationMap(0, class)
	}
	return e, nil
}

// PredictFeatures is PredictSamples that gives each sample's features as well: the mean of the last feature map over the
// picture, nil for a sample that cannot be read.
func (m *Model) PredictFeatures(ctx context.Context, dir string, samples []Sample, progress func(done, total int)) ([]Prediction, [][]float32, error) {
	features := make([][]float32, len(samples))
	m.runner.each = func(sample, k int) { features[sample] = m.runner.p.Features().Mean(k, nil) }
	defer func() { m.runner.each = nil }()
	predictions, err := m.PredictSamples(ctx, dir, samples, progress)
	if err != nil {
		return nil, nil, err
	}
	return predictions, features, nil
}
