package evaluate

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"viewfinder/app/studio/runs"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

// evaluationSet are the samples that a version is evaluated on, with what is known of each.
type evaluationSet struct {
	samples []training.Sample
	items   []EvaluatedItem
	sizes   [][2]float64 // pixels; 0 where they are not known
	leftOut []runs.LeftOut
	passed  map[int64]int64 // by id, when datapoints were annotated of which nothing is evaluated
}

// gatherEvaluation reads what a request chooses, as it is annotated now.
func (j *Judging) gatherEvaluation(ctx context.Context, v runs.Version, view storage.View, r EvaluateRequest) (*evaluationSet, error) {
	concepts := runs.ConceptsOf(v)
	var s *evaluationSet
	var err error
	if r.Folder != "" {
		s, err = gatherFolder(ctx, view, concepts, r.Folder)
	} else {
		s, err = j.gatherQuery(ctx, view, concepts, r.query(view.ID), j.runs.RunDir(v))
	}
	if err != nil {
		return nil, err
	}
	if len(s.samples) == 0 {
		message := fmt.Sprintf("there is nothing to evaluate %s on: no annotated image of %s is in %s", v.Name, view.Name, r.Words())
		if len(s.leftOut) > 0 {
			message += fmt.Sprintf(" that can be used (%d %s)", s.leftOut[0].Count, s.leftOut[0].Reason)
		}
		return nil, &storage.RuleError{Message: message}
	}
	return s, j.markSeen(v, s, r.Test())
}

func (j *Judging) gatherQuery(ctx context.Context, view storage.View, concepts []domain.Concept, q storage.Query, runDir string) (*evaluationSet, error) {
	points, err := j.store.Datapoints(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("reading the annotated images of %s: %w", view.Name, err)
	}
	s := &evaluationSet{passed: map[int64]int64{}}
	counter, class := runs.NewCounter(concepts), runs.ClassesOf(concepts)
	for _, d := range points {
		if !d.Annotated {
			continue
		}
		relative, err := filepath.Rel(runDir, j.store.ImagePath(d.Image))
		if err != nil {
			return nil, fmt.Errorf("finding %s from the run folder: %w", d.Image.Name, err)
		}
		base := training.Sample{Image: filepath.ToSlash(relative), SHA256: d.Image.SHA256, Split: string(d.Image.Split), Crop: d.SourceBox, Key: runs.SampleKey(d.Key())}
		samples := runs.SamplesOf(view.Type, base, d, class, counter)
		if len(samples) == 0 {
			s.passed[d.ID] = d.AnnotatedAt.UnixMilli()
		}
		for _, sample := range samples {
			item := EvaluatedItem{
				Key: d.Key(), Datapoint: d.ID, Region: regionOfSample(sample.Key), Name: d.Image.Name, Split: d.Image.Split,
				annotated: d.AnnotatedAt.UnixMilli(),
			}
			s.add(sample, item, float64(d.Image.Width), float64(d.Image.Height))
		}
	}
	s.leftOut = counter.Preparation().LeftOut
	return s, nil
}

// add takes a sample of an image of that size.
func (s *evaluationSet) add(sample training.Sample, item EvaluatedItem, width, height float64) {
	if c := sample.Crop; c != nil {
		item.Crop = &domain.Box{XMin: c.XMin, YMin: c.YMin, XMax: c.XMax, YMax: c.YMax}
		width *= c.XMax - c.XMin
		height *= c.YMax - c.YMin
	}
	s.samples, s.items, s.sizes = append(s.samples, sample), append(s.items, item), append(s.sizes, [2]float64{width, height})
}

// fromAnywhere makes the paths of images, which are relative to dir, such that they lead to them from every folder.
func (s *evaluationSet) fromAnywhere(dir string) {
	for i := range s.samples {
		s.samples[i].Image = runs.AbsoluteImage(dir, s.samples[i].Image)
	}
}

// regionOfSample is the region that a sample's key names, 0 for none.
func regionOfSample(key string) int64 {
	_, region, _ := strings.Cut(key, "/")
	id, _ := strconv.ParseInt(region, 10, 64)
	return id
}

// markSeen marks the images the version was trained on, by their content. Of a test it leaves out those, and those that its best iteration was
// chosen by: they were in train or val when it was made.
func (j *Judging) markSeen(v runs.Version, s *evaluationSet, test bool) error {
	run, err := training.ReadRun(j.runs.RunDir(v))
	if err != nil {
		return fmt.Errorf("reading what %s was made of: %w", v.Name, err)
	}
	used := make(map[string]string, len(run.Samples))
	for _, sample := range run.Samples {
		if sample.SHA256 != "" && used[sample.SHA256] != training.SplitTrain {
			used[sample.SHA256] = sample.Split
		}
	}
	if !test {
		for i := range s.items {
			s.items[i].Seen = used[s.samples[i].SHA256] == training.SplitTrain
		}
		return nil
	}
	if n := s.leaveOut(func(i int) bool { return used[s.samples[i].SHA256] != "" }); n > 0 {
		s.leftOut = append(s.leftOut, runs.LeftOut{Reason: "were in train or val when " + v.Name + " was made, so they do not test it", Count: n})
	}
	if len(s.samples) == 0 {
		return &storage.RuleError{Message: fmt.Sprintf("there is nothing to test %s on: all images of the test split were in train or val when it was made; train a new version", v.Name)}
	}
	return nil
}

// leaveOut takes samples out and counts them.
func (s *evaluationSet) leaveOut(which func(i int) bool) int {
	kept := 0
	for i := range s.samples {
		if which(i) {
			if s.passed != nil {
				s.passed[s.items[i].Datapoint] = s.items[i].annotated
			}
			continue
		}
		s.samples[kept], s.items[kept], s.sizes[kept] = s.samples[i], s.items[i], s.sizes[i]
		kept++
	}
	n := len(s.samples) - kept
	s.samples, s.items, s.sizes = s.samples[:kept], s.items[:kept], s.sizes[:kept]
	return n
}
