package predict

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"viewfinder/app/studio/pictures"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

// PredictRequest selects the predictions to keep.
type PredictRequest struct {
	Threshold float64 // least score of a tag or box, 0..1; 0 = 0.5. A classification always gives its most probable concepts.
	Max       int     // most concepts or boxes of an image; 0 = all
}

// PredictedConcept is a concept with its score, 0 to 1.
type PredictedConcept struct {
	Concept string  `json:"concept"`
	Score   float64 `json:"score"`
}

// PredictedBox is an object that was found, in fractions of the image.
type PredictedBox struct {
	XMin    float64 `json:"xmin"`
	YMin    float64 `json:"ymin"`
	XMax    float64 `json:"xmax"`
	YMax    float64 `json:"ymax"`
	Concept string  `json:"concept"`
	Score   float64 `json:"score"`
}

// Prediction is a version's prediction for one image file.
type Prediction struct {
	File     string             `json:"file"`
	Concepts []PredictedConcept `json:"concepts,omitempty"` // most probable first; tagging: those at or above the threshold
	Boxes    []PredictedBox     `json:"boxes,omitempty"`    // most confident first
	Error    string             `json:"error,omitempty"`    // why the file could not be used
}

// Predict runs a version on image files, and on all images in folders and below. A file that is not an image gets an Error; the rest goes on.
func (p *Predicting) Predict(ctx context.Context, id int64, paths []string, r PredictRequest, progress session.Progress) ([]Prediction, error) {
	v, view, err := p.Predictor(ctx, id)
	if err != nil {
		return nil, err
	}
	files, err := pictures.ImageFiles(paths)
	if err != nil {
		return nil, err
	}
	samples, err := fileSamples(files)
	if err != nil {
		return nil, err
	}
	raw, err := p.PredictSamples(ctx, v, samples, progress)
	if err != nil {
		return nil, err
	}
	list := make([]Prediction, len(files))
	for i, prediction := range raw {
		list[i] = readable(view.Type, v, prediction, r)
		list[i].File = files[i]
	}
	return list, nil
}

func (p *Predicting) PredictSamples(ctx context.Context, v runs.Version, samples []training.Sample, progress session.Progress) ([]training.Prediction, error) {
	model, err := training.Open(p.runs.RunDir(v))
	if err != nil {
		return nil, fmt.Errorf("opening the network of %s: %w", v.Name, err)
	}
	defer model.Close()
	progress = session.ProgressOr(progress)
	raw, err := model.PredictSamples(ctx, p.runs.RunDir(v), samples, func(done, total int) { progress.Update(done, total, "predicting") })
	if err != nil {
		return nil, fmt.Errorf("predicting with %s: %w", v.Name, err)
	}
	return raw, nil
}

// readable gives a prediction the concepts' names.
func readable(view domain.Task, v runs.Version, raw training.Prediction, r PredictRequest) Prediction {
	if raw.Err != nil {
		return Prediction{Error: raw.Err.Error()}
	}
	threshold := r.Threshold
	if threshold == 0 {
		threshold = 0.5
	}
	var list Prediction
	for class, score := range raw.Scores {
		if class < len(v.Concepts) && (view.ExactlyOne() || domain.Reaches(score, threshold)) {
			list.Concepts = append(list.Concepts, PredictedConcept{v.Concepts[class].Name, score})
		}
	}
	slices.SortStableFunc(list.Concepts, func(a, b PredictedConcept) int { return cmp.Compare(b.Score, a.Score) })
	for _, b := range raw.Boxes {
		if b.Class < len(v.Concepts) && domain.Reaches(b.Score, threshold) {
			list.Boxes = append(list.Boxes, PredictedBox{b.XMin, b.YMin, b.XMax, b.YMax, v.Concepts[b.Class].Name, b.Score})
		}
	}
	if r.Max > 0 {
		list.Concepts = list.Concepts[:min(r.Max, len(list.Concepts))]
		list.Boxes = list.Boxes[:min(r.Max, len(list.Boxes))]
	}
	return list
}
