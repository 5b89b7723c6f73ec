package evaluate

import (
	"context"
	"fmt"
	"path/filepath"

	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/transfer"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/storage/interchange"
	"viewfinder/training"
	"viewfinder/training/picture"
)

// gatherFolder reads annotated images from outside of the project, in any format that can be imported. Concepts are found by their names.
func gatherFolder(ctx context.Context, view storage.View, concepts []domain.Concept, folder string) (*evaluationSet, error) {
	source, err := interchange.OpenSource(folder, "")
	if err != nil {
		return nil, err
	}
	defer source.Close()
	root, err := filepath.Abs(source.Root())
	if err != nil {
		return nil, fmt.Errorf("finding %s: %w", folder, err)
	}
	f := &folderSet{view: view, root: root, class: map[string]int{}, counter: runs.NewCounter(concepts), set: &evaluationSet{}, source: source}
	for i, c := range concepts {
		f.class[domain.NameKey(c.Name)] = i
	}
	header, err := source.Read(ctx, f.take, func(interchange.Problem) { f.counter.LeaveOut("their record cannot be read") })
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", folder, err)
	}
	if header.ViewType == "" {
		return nil, &storage.RuleError{Message: fmt.Sprintf("%s has no annotations to compare with; to see predictions only, use Try", folder)}
	}
	if err := transfer.Suits(filepath.Base(folder), header.ViewType, view); err != nil {
		return nil, &storage.RuleError{Message: fmt.Sprintf("%s has annotations for a %s view, but %s is a %s view", folder, header.ViewType, view.Name, view.Type)}
	}
	f.set.leftOut = f.counter.Preparation().LeftOut
	return f.set, nil
}

// folderSet collects the records of a folder.
type folderSet struct {
	view    storage.View
	root    string
	source  *interchange.Source
	class   map[string]int // by the key of the concept's name
	counter *runs.Counter
	set     *evaluationSet
}

func (f *folderSet) take(r interchange.Record) error {
	if !r.HasAnnotation {
		f.counter.LeaveOut("not annotated")
		return nil
	}
	if r.Embedded() {
		f.counter.LeaveOut("they lie inside a table: convert it first")
		return nil
	}
	file, err := f.source.Open(r) // keeps links from leading out of the folder
	if err != nil {
		f.counter.LeaveOut("their file is missing or cannot be read")
		return nil
	}
	info, err := picture.Probe(file, r.ImagePath, picture.Limits{})
	file.Close()
	if err != nil {
		f.counter.LeaveOut("their file is not an image")
		return nil
	}
	path := filepath.Join(f.root, filepath.FromSlash(r.ImagePath))
	sample := training.Sample{Image: filepath.ToSlash(path), Split: training.SplitVal, Key: r.ImagePath}
	unknown := false
	if f.view.Type.HasBoxes() {
		r.Resolve(info.Width, info.Height, info.Orientation, func(interchange.Problem) {})
		if !r.HasAnnotation {
			f.counter.LeaveOut("their boxes cannot be read")
			return nil
		}
		for _, b := range r.Boxes {
			class, known := f.class[domain.NameKey(b.Concept)]
			if !known {
				f.counter.LeaveOut("annotated with a concept that the version was not trained on")
				continue
			}
			sample.Boxes = append(sample.Boxes, domain.LabelledBox{Box: domain.Box{XMin: b.XMin, YMin: b.YMin, XMax: b.XMax, YMax: b.YMax}, Class: class})
		}
		f.counter.AddBoxes(sample)
	} else {
		for _, name := range r.Concepts {
			class, known := f.class[domain.NameKey(name)]
			if !known {
				unknown = true
				continue
			}
			sample.Labels = append(sample.Labels, class)
		}
		if f.view.Type.ExactlyOne() && (unknown || len(sample.Labels) != 1) {
			f.counter.LeaveOut("annotated with a concept that the version was not trained on")
			return nil
		}
		f.counter.AddLabels(sample)
	}
	f.set.add(sample, EvaluatedItem{Name: path, Split: domain.SplitVal}, float64(info.Width), float64(info.Height))
	return nil
}
