package interchange

import (
	"encoding/json"
	"errors"
	"math"
	"path"
)

// createMLExporter writes a folder a split, each with its images and an
// annotations.json, as Create ML takes them for training and for validation.
type createMLExporter struct {
	folder *exportFolder
	files  map[string]*exportFile
}

type createMLOut struct {
	Image       string            `json:"image"`
	Annotations []createMLOutMark `json:"annotations"`
}

type createMLOutMark struct {
	Label       string         `json:"label"`
	Coordinates createMLOutBox `json:"coordinates"`
}

// createMLOutBox is the centre and the size in pixels.
type createMLOutBox struct {
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
}

func (e *createMLExporter) begin(f *exportFolder, _ Header) error {
	e.folder, e.files = f, map[string]*exportFile{}
	return nil
}

func (e *createMLExporter) place(r Record) string { return splitFolder(r) }

func (e *createMLExporter) add(r Record, _ func(string)) error {
	if len(r.Boxes) > 0 && (r.Width <= 0 || r.Height <= 0) {
		return errors.New("the size of " + r.ImagePath + " is not known")
	}
	split, before := splitFolder(r), ",\n"
	if e.files[split] == nil {
		file, err := e.folder.create(split + "/annotations.json")
		if err != nil {
			return err
		}
		e.files[split], before = file, "[\n"
	}
	out := createMLOut{Image: path.Base(r.ImagePath), Annotations: []createMLOutMark{}}
	for _, b := range r.Boxes {
		w, h := float64(r.Width), float64(r.Height)
		out.Annotations = append(out.Annotations, createMLOutMark{Label: b.Concept, Coordinates: createMLOutBox{
			X: fine((b.XMin + b.XMax) / 2 * w), Y: fine((b.YMin + b.YMax) / 2 * h), Width: fine((b.XMax - b.XMin) * w), Height: fine((b.YMax - b.YMin) * h)}})
	}
	text, err := json.Marshal(out)
	if err != nil {
		return err
	}
	e.files[split].WriteString(before)
	_, err = e.files[split].Write(text)
	return err
}

// fine is round to a millionth, since a centre and a width are added again.
func fine(v float64) float64 { return math.Round(v*1e6) / 1e6 }

func (e *createMLExporter) end() error {
	var errs []error
	for _, file := range e.files {
		_, err := file.WriteString("\n]\n")
		errs = append(errs, err, file.Close())
	}
	return errors.Join(errs...)
}
