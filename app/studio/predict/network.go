package predict

import (
	"context"
	"fmt"
	"image"
	"path/filepath"
	"slices"
	"sync"

	"viewfinder/app/studio/runs"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
	"viewfinder/training/picture"
)

// Network is a version's network kept ready, so that the prediction of an image comes at once. Its methods may be called from several
// goroutines; they take turns.
type Network struct {
	Version runs.Version
	View    storage.View

	predicting *Predicting
	dir        string
	mu         sync.Mutex
	model      *training.Model // nil once closed
}

// everything is the threshold by which a prediction keeps all concepts and boxes.
const everything = 1e-12

// Network loads a version's network. Close it.
func (p *Predicting) Network(ctx context.Context, id int64) (*Network, error) {
	v, view, err := p.Predictor(ctx, id)
	if err != nil {
		return nil, err
	}
	model, err := training.Open(p.runs.RunDir(v))
	if err != nil {
		return nil, fmt.Errorf("opening the network of %s: %w", v.Name, err)
	}
	return &Network{Version: v, View: view, predicting: p, dir: p.runs.RunDir(v), model: model}, nil
}

// Close gives the network's memory back.
func (l *Network) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.model != nil {
		l.model.Close()
		l.model = nil
	}
}

// use calls f with the network, one at a time.
func (l *Network) use(f func(m *training.Model) error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.model == nil {
		return fmt.Errorf("the network of %s was closed: %w", l.Version.Name, context.Canceled)
	}
	return f(l.model)
}

// Explanation is a version's prediction of an image, with its class activation maps.
type Explanation struct {
	Prediction // every concept with its score, every box that is more than noise
	raw        training.Explanation
	concepts   []storage.FrozenConcept
	top        float32 // the highest value of any map
}

// Explain predicts an upright image and computes its class activation maps.
func (l *Network) Explain(ctx context.Context, img *image.RGBA) (*Explanation, error) {
	var explanation *Explanation
	err := l.use(func(m *training.Model) error {
		raw, err := m.Explain(ctx, img)
		if err != nil {
			return fmt.Errorf("predicting with %s: %w", l.Version.Name, err)
		}
		explanation = &Explanation{Prediction: readable(l.View.Type, l.Version, raw.Prediction, PredictRequest{Threshold: everything}), raw: raw, concepts: l.Version.Concepts}
		if l.View.Type.HasBoxes() {
			explanation.top = 0.3 // fainter heat is noise
		}
		for _, values := range raw.Maps {
			explanation.top = max(explanation.top, slices.Max(values))
		}
		return nil
	})
	return explanation, err
}

// Overlay lays the map of a concept over the image, at an opacity from 0 to 1: for classification and tagging the class activation
// map, whose places add up to the concept's logit; for detection the heatmap of the concept's objects. Equal highlights are equal
// values, whatever the concept. A concept that the version does not know leaves the image as it is.
func (k *Explanation) Overlay(img *image.RGBA, concept string, opacity float64) *image.RGBA {
	var values []float32
	for i, c := range k.concepts {
		if c.Name == concept && i < len(k.raw.Maps) {
			values = k.raw.Maps[i]
		}
	}
	return picture.Heat(img, values, k.raw.MapHeight, k.raw.MapWidth, k.raw.Frame, k.top, opacity)
}

// filesPortion is how many files are looked at before the next caller has its turn.
const filesPortion = 16

// Files predicts image files, in their order, and calls each with the prediction of every one; a file that cannot be used has an
// Error. The error is ctx's, or that of the network.
func (l *Network) Files(ctx context.Context, files []string, each func(i int, p Prediction)) error {
	for from := 0; from < len(files); from += filesPortion {
		part := files[from:min(from+filesPortion, len(files))]
		samples, err := fileSamples(part)
		if err != nil {
			return err
		}
		err = l.use(func(m *training.Model) error {
			raw, err := m.PredictSamples(ctx, l.dir, samples, nil)
			if err != nil {
				return fmt.Errorf("predicting with %s: %w", l.Version.Name, err)
			}
			for i, r := range raw {
				p := readable(l.View.Type, l.Version, r, PredictRequest{Threshold: everything})
				p.File = part[i]
				each(from+i, p)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// fileSamples are files as the network takes them.
func fileSamples(files []string) ([]training.Sample, error) {
	samples := make([]training.Sample, len(files))
	for i, file := range files {
		absolute, err := filepath.Abs(file)
		if err != nil {
			return nil, fmt.Errorf("finding %s: %w", file, err)
		}
		samples[i] = training.Sample{Image: filepath.ToSlash(absolute), Split: training.SplitVal}
	}
	return samples, nil
}

// At is the prediction under a threshold: tags and boxes of at least that score, and the most probable concepts of a classification;
// most is the largest number of them, 0 for all.
func (p Prediction) At(view domain.Task, threshold float64, most int) Prediction {
	list := Prediction{File: p.File, Error: p.Error}
	for _, c := range p.Concepts {
		if view.ExactlyOne() || domain.Reaches(c.Score, threshold) {
			list.Concepts = append(list.Concepts, c)
		}
	}
	for _, b := range p.Boxes {
		if domain.Reaches(b.Score, threshold) {
			list.Boxes = append(list.Boxes, b)
		}
	}
	if most > 0 {
		list.Concepts = list.Concepts[:min(most, len(list.Concepts))]
		list.Boxes = list.Boxes[:min(most, len(list.Boxes))]
	}
	return list
}
