package interchange

import (
	"encoding/json"
	"errors"
	"path"
	"slices"
	"strings"
)

// labelmeExporter writes what labelmeImporter reads: train/NAME.jpg with
// train/NAME.json beside it, and the names of the labels or flags, which
// labelme takes by --labels and --flags. An image that is not annotated has no
// JSON file, which is what labelme means by that.
type labelmeExporter struct {
	folder   *exportFolder
	concepts conceptList
}

// labelmeOut is one image's file, in labelme's own order of fields.
type labelmeOut struct {
	Version string            `json:"version"`
	Flags   json.RawMessage   `json:"flags"`
	Shapes  []labelmeOutShape `json:"shapes"`
	Image   string            `json:"imagePath"`
	Data    *string           `json:"imageData"` // null: labelme opens the image
	Height  int               `json:"imageHeight"`
	Width   int               `json:"imageWidth"`
}

type labelmeOutShape struct {
	Label       string         `json:"label"`
	Points      [2][2]float64  `json:"points"`
	Group       *int           `json:"group_id"`
	Description string         `json:"description"`
	Type        string         `json:"shape_type"`
	Flags       map[string]any `json:"flags"`
	Mask        *string        `json:"mask"`
}

func (e *labelmeExporter) begin(f *exportFolder, h Header) error {
	e.folder = f
	for _, c := range h.Concepts {
		e.concepts.add(c)
	}
	return nil
}

func (e *labelmeExporter) place(r Record) string { return splitFolder(r) }

// splitFolder is the folder of a record's split.
func splitFolder(r Record) string {
	if r.Split == "" {
		return Train
	}
	return r.Split
}

func (e *labelmeExporter) add(r Record, _ func(string)) error {
	if !r.HasAnnotation {
		return nil
	}
	if len(r.Boxes) > 0 && (r.Width <= 0 || r.Height <= 0) {
		return errors.New("the size of " + r.ImagePath + " is not known")
	}
	out := labelmeOut{Version: "5.5.0", Shapes: []labelmeOutShape{}, Image: path.Base(r.ImagePath), Height: r.Height, Width: r.Width}
	var err error
	if out.Flags, err = e.flags(r); err != nil {
		return err
	}
	for _, b := range r.Boxes {
		e.concepts.add(b.Concept)
		c := pixelCorners(b, r)
		out.Shapes = append(out.Shapes, labelmeOutShape{Label: b.Concept, Points: [2][2]float64{{c[0], c[1]}, {c[2], c[3]}}, Type: "rectangle", Flags: map[string]any{}})
	}
	return e.folder.writeJSON(strings.TrimSuffix(r.ImagePath, path.Ext(r.ImagePath))+".json", out)
}

// flags are the concepts of the whole image, each on or off.
func (e *labelmeExporter) flags(r Record) (json.RawMessage, error) {
	on := map[string]bool{}
	for _, c := range r.Concepts {
		e.concepts.add(c)
	}
	if len(r.Concepts) > 0 {
		for _, c := range e.concepts.names {
			on[c] = slices.Contains(r.Concepts, c)
		}
	}
	return json.Marshal(on)
}

func (e *labelmeExporter) end() error {
	return e.folder.writeLines(labelmeLabels, e.concepts.names)
}

// pixelCorners are a box's corners in pixels of the record's image, to a ten
// thousandth.
func pixelCorners(b Box, r Record) [4]float64 {
	w, h := float64(r.Width), float64(r.Height)
	return [4]float64{round(b.XMin * w), round(b.YMin * h), round(b.XMax * w), round(b.YMax * h)}
}

// writeJSON writes a file with one value, indented.
func (f *exportFolder) writeJSON(name string, v any) error {
	file, err := f.create(name)
	if err != nil {
		return err
	}
	out := json.NewEncoder(file)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return errors.Join(out.Encode(v), file.Close())
}
