package runs

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

// Snapshot is what a version of a view would be trained on, as the view stands now.
type Snapshot struct {
	view     storage.View
	Concepts []domain.Concept
	Samples  []training.Sample
	use      Preparation
}

// TakeSnapshot reads the annotated datapoints of a view for a network that knows these concepts, in this order. runDir is the folder
// that the samples' paths are relative to. Images of the test split never come into it.
func (rs *Runs) TakeSnapshot(ctx context.Context, view storage.View, concepts []domain.Concept, runDir string) (*Snapshot, error) {
	s := &Snapshot{view: view, Concepts: concepts}
	points, err := rs.store.Datapoints(ctx, storage.Query{View: view.ID, State: storage.StateAnnotated, ButTest: true})
	if err != nil {
		return nil, fmt.Errorf("reading the annotated images of %s: %w", s.view.Name, err)
	}
	counter := NewCounter(s.Concepts)
	class := ClassesOf(s.Concepts)
	for _, d := range points {
		path := rs.store.ImagePath(d.Image)
		if _, err := os.Stat(path); err != nil {
			counter.LeaveOut("their file is missing or cannot be read; \"Check project\" says which")
			continue
		}
		relative, err := filepath.Rel(runDir, path)
		if err != nil {
			return nil, fmt.Errorf("finding %s from the run folder: %w", d.Image.Name, err)
		}
		sample := training.Sample{
			Image:  filepath.ToSlash(relative),
			SHA256: d.Image.SHA256,
			Split:  string(d.Image.Split),
			Crop:   d.SourceBox,
			Key:    SampleKey(d.Key()),
		}
		s.Samples = append(s.Samples, SamplesOf(s.view.Type, sample, d, class, counter)...)
	}
	counts, err := rs.store.Counts(ctx, view.ID)
	if err != nil {
		return nil, err
	}
	counter.leaveOutN("in the test split, for a figure that nothing was chosen by", counts.Test.Annotated)
	counter.leaveOutN("not annotated", counts.Total().NotAnnotated())
	s.use = counter.Preparation()
	return s, nil
}

// snapshotNow is what a version of the view would be trained on now.
func (rs *Runs) snapshotNow(ctx context.Context, view int64) (*Snapshot, error) {
	v, err := rs.store.View(ctx, view)
	if err != nil {
		return nil, err
	}
	concepts, err := rs.store.Concepts(ctx, view)
	if err != nil {
		return nil, err
	}
	// The paths are the same from every run folder.
	return rs.TakeSnapshot(ctx, v, concepts, rs.store.RunDir("any"))
}

// classes numbers concepts as a network does, by their ids.
func ClassesOf(concepts []domain.Concept) map[int64]int {
	class := make(map[int64]int, len(concepts))
	for i, c := range concepts {
		class[c.ID] = i
	}
	return class
}

// SamplesOf turns one annotated datapoint into what the network is shown: one sample for each of its regions in classification and
// tagging, one with all boxes in detection.
func SamplesOf(view domain.Task, base training.Sample, d storage.Datapoint, class map[int64]int, counter *Counter) []training.Sample {
	if view.HasBoxes() {
		for _, r := range d.Regions {
			for _, c := range r.Concepts {
				i, known := class[c]
				if !known || r.Box == nil {
					continue
				}
				base.Boxes = append(base.Boxes, domain.LabelledBox{Box: r.Box.In(d.SourceBox).Clip(domain.Whole()), Class: i})
			}
		}
		counter.AddBoxes(base)
		return []training.Sample{base}
	}
	var samples []training.Sample
	for _, r := range d.Regions {
		sample := base
		if r.Box != nil {
			sample.Crop = r.Box
			sample.Key = fmt.Sprintf("%s/%d", base.Key, r.ID)
		}
		for _, c := range r.Concepts {
			if i, known := class[c]; known {
				sample.Labels = append(sample.Labels, i)
			}
		}
		if view.ExactlyOne() && len(sample.Labels) != 1 {
			counter.LeaveOut("annotated with a concept that the version was not trained on")
			continue
		}
		counter.AddLabels(sample)
		samples = append(samples, sample)
	}
	return samples
}

// SampleKey names a datapoint in a run: "image" or "image:source".
func SampleKey(k storage.Key) string {
	if k.Source == 0 {
		return strconv.FormatInt(k.Image, 10)
	}
	return fmt.Sprintf("%d:%d", k.Image, k.Source)
}

// AbsoluteImage makes the path of an image, which is relative to dir, such that it leads to it from every folder.
func AbsoluteImage(dir, image string) string {
	if path := filepath.FromSlash(image); !filepath.IsAbs(path) {
		return filepath.ToSlash(filepath.Join(dir, path))
	}
	return image
}
