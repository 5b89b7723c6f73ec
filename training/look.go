package training

import (
	"context"
	"image"

	"viewfinder/training/data"
	"viewfinder/training/picture"
)

// Look is what a network says of one picture, and what it rests on.
type Look struct {
	Prediction
	// Maps are one a concept: what each place adds to the concept's logit (classification, tagging; the sum is the logit less
	// the bias), or the score at that place (detection). Each has MapHeight rows of MapWidth.
	Maps                [][]float32
	MapHeight, MapWidth int
	// Frame leads from the picture to what the maps cover.
	Frame picture.Transform
}

// Look runs the network on one upright picture with a predictor made for one, so that the answer comes at once.
func (m *Model) Look(ctx context.Context, img *image.RGBA) (Look, error) {
	if m.one == nil {
		one, err := newRunnerFor(m.net, m.Run.Options.Threads, 1)
		if err != nil {
			return Look{}, err
		}
		m.one = one
	}
	src := data.NewPictures([]*image.RGBA{img}, m.frame)
	predictions, _, err := m.one.run(ctx, src, nil, nil)
	if err != nil {
		return Look{}, err
	}
	l := Look{Prediction: predictions[0], Frame: src.Transform(0), Maps: make([][]float32, len(m.Run.Concepts))}
	for class := range l.Maps {
		l.Maps[class], l.MapHeight, l.MapWidth = m.one.p.ActivationMap(0, class)
	}
	return l, nil
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
