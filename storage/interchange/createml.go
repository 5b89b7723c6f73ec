package interchange

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"viewfinder/storage/domain"
)

// CreateML is the name of this format.
const CreateML Format = "createml"

// createMLFormat is Create ML's definition.
var createMLFormat = Definition{
	Name: CreateML, Title: "Create ML",
	Summary:  "Apple Create ML's JSON for object detection",
	Files:    "`annotations.json` (`_annotations.createml.json` of Roboflow) beside the images; folders `train/`, `val/` and `test/` are splits; concepts of whole images are read, not written",
	Proved:   "Roboflow's in xrwalsh27/ANPR_XavierW (350 images, 1,123 boxes, all read)",
	Holds:    Holds{Tasks: domain.Tasks(), Boxes: true, Splits: true, Negatives: true},
	Sniff:    looksLikeCreateML,
	Exports:  []domain.Task{domain.Detection},
	Only:     "is written for boxes: Create ML takes classes from folders; it suits detection",
	Instead:  "folders",
	importer: createMLImporter{},
	exporter: func() exporter { return &createMLExporter{} },
}

// createMLImporter reads a list of images with annotations of a label and
// coordinates: the centre, width and height in pixels. An annotation without
// coordinates is a concept of the whole image.
type createMLImporter struct{}

func looksLikeCreateML(name, head string) bool {
	text := strings.TrimSpace(head)
	return strings.EqualFold(path.Ext(name), ".json") && strings.HasPrefix(text, "[") &&
		(strings.Contains(text, `"image"`) || strings.Contains(text, `"imagefilename"`)) &&
		(strings.Contains(text, `"coordinates"`) || strings.Contains(text, `"annotations"`) && !strings.Contains(text, `"data"`) && !strings.Contains(text, `"result"`) && !strings.Contains(text, `"annotator"`))
}

func (createMLImporter) Recognises(f *Folder) (bool, error) {
	return f.recognisesFiles(looksLikeCreateML, ".json"), nil
}

type createMLImage struct {
	Image       string          `json:"image"`
	FileName    string          `json:"imagefilename"`
	Annotations json.RawMessage `json:"annotations"`
	Annotation  json.RawMessage `json:"annotation"`
}

type createMLMark struct {
	Label       string `json:"label"`
	Coordinates *struct {
		X, Y, Width, Height jsonNumber
	} `json:"coordinates"`
}

func (createMLImporter) Read(ctx context.Context, f *Folder, yield Yield, problem Report) (Header, error) {
	name := f.File
	if name == "" {
		name = f.firstFile(looksLikeCreateML, ".json")
	}
	records, err := readList(ctx, f, name, problem, createMLRecord)
	if err != nil {
		return Header{}, err
	}
	found := newLocated(f, problem, dirOf(name), path.Join(dirOf(name), "images"))
	for _, r := range records {
		found.add(r)
	}
	return found.yield(ctx, nil, yield, name)
}

// createMLRecord reads one element.
func createMLRecord(r *Record, data []byte, problem Report) error {
	var image createMLImage
	if err := json.Unmarshal(data, &image); err != nil {
		return jsonError(err)
	}
	if r.ImagePath = image.Image; r.ImagePath == "" {
		r.ImagePath = image.FileName
	}
	raw := image.Annotations
	if raw == nil {
		raw = image.Annotation
	}
	var marks []createMLMark
	var label string
	switch {
	case len(raw) == 0 || bytes.Equal(raw, []byte("null")):
		return nil
	case json.Unmarshal(raw, &label) == nil:
		marks = []createMLMark{{Label: label}}
	default:
		if err := json.Unmarshal(raw, &marks); err != nil {
			r.refuse(problem, r.Line, r.ImagePath, "its annotations were skipped: "+jsonError(err).Error())
			return nil
		}
	}
	r.HasAnnotation = true
	for i, m := range marks {
		what := fmt.Sprintf("%s, annotation %d", r.ImagePath, i+1)
		c := m.Coordinates
		if c == nil {
			r.addConcept(m.Label, problem, what)
			continue
		}
		if !c.X.Valid || !c.Y.Valid || !c.Width.Valid || !c.Height.Valid {
			r.refuse(problem, r.Line, what, "was skipped: its coordinates are not x, y, width and height")
			continue
		}
		x, y, w, h := c.X.Value, c.Y.Value, c.Width.Value, c.Height.Value
		r.addPixels(x-w/2, y-h/2, x+w/2, y+h/2, m.Label, problem, r.Line, what)
	}
	return nil
}

// addConcept adds a concept of the whole image.
func (r *Record) addConcept(name string, problem Report, what string) {
	name, err := conceptName(name)
	if err != nil {
		r.refuse(problem, r.Line, what, "was skipped: "+err.Error())
		return
	}
	r.HasAnnotation = true
	if !contains(r.Concepts, name) {
		r.Concepts = append(r.Concepts, name)
	}
}
