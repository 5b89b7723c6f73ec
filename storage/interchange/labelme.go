package interchange

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"path"
	"strings"

	"viewfinder/storage/domain"
)

// Labelme is the name of this format.
const Labelme Format = "labelme"

// labelmeFormat is labelme's definition.
var labelmeFormat = Definition{
	Name: Labelme, Title: "labelme",
	Summary:  "labelme's JSON files, one an image",
	Files:    "`NAME.json` beside `NAME.jpg`, or in a folder of their own; `labels.txt` names the labels; `train/`, `val/` and `test/` are splits",
	Loses:    "shapes: polygons, circles and masks become the boxes around them, points and lines are named; groups; the copy of the image inside",
	Proved:   "the examples of wkentaro/labelme (27 of 27 shapes of its boxes and polygons; points and lines are named)",
	Holds:    Holds{Tasks: domain.Tasks(), Boxes: true, Splits: true, Negatives: true, Unannotated: true},
	Sniff:    looksLikeLabelme,
	importer: labelmeImporter{},
	naming:   keepFolders,
	exporter: func() exporter { return &labelmeExporter{} },
}

// labelmeImporter reads labelme's JSON (wkentaro/labelme 3 to 5; X-AnyLabeling
// writes the same): shapes with a label and points in pixels, and flags of the
// whole image, which are its concepts where no file has a shape.
type labelmeImporter struct{}

func looksLikeLabelme(name, head string) bool {
	return strings.EqualFold(path.Ext(name), ".json") && strings.HasPrefix(strings.TrimSpace(head), "{") && strings.Contains(head, `"shapes"`) &&
		(strings.Contains(head, `"imagePath"`) || strings.Contains(head, `"shape_type"`) || strings.Contains(head, `"imageData"`))
}

func (labelmeImporter) Recognises(f *Folder) (bool, error) {
	if f.recognisesFiles(looksLikeLabelme, ".json") {
		return true, nil
	}
	if _, err := f.stat(labelmeLabels); err != nil || f.File != "" {
		return false, nil
	}
	for _, name := range sample(f.files(".json")) { // in folders of splits below the list of labels
		if looksLikeLabelme(name, f.head(name)) {
			return true, nil
		}
	}
	return false, nil
}

// labelmeLabels is the list of names that labelme takes by --labels.
const labelmeLabels = "labels.txt"

// labelmeNames are the labels that a list in the folder, or at the top of the source, names, without those
// that labelme's own examples have for what is to be ignored.
func labelmeNames(f *Folder) []string {
	var list conceptList
	name := labelmeLabels
	if _, err := f.stat(name); err != nil {
		name = "/" + name // the folder is one of a split
	}
	if _, err := f.stat(name); err != nil || f.File != "" {
		return nil
	}
	data, err := f.read(name, maxXMLBytes)
	if err != nil {
		return nil
	}
	eachLine(bytes.NewReader(data), func(_ int, line []byte) error {
		name, err := conceptName(string(line))
		if err == nil && name != "__ignore__" && name != "_background_" && len(list.names) < maxConcepts {
			list.add(name)
		}
		return nil
	})
	return list.names
}

type labelmeFile struct {
	Shapes []labelmeShape `json:"shapes"`
	Flags  map[string]any `json:"flags"`
	Image  string         `json:"imagePath"`
	Width  jsonNumber     `json:"imageWidth"`
	Height jsonNumber     `json:"imageHeight"`
}

type labelmeShape struct {
	Label  any            `json:"label"`
	Points [][]jsonNumber `json:"points"`
	Type   string         `json:"shape_type"`
}

func (labelmeImporter) Read(ctx context.Context, f *Folder, yield Yield, problem Report) (Header, error) {
	seen := taskSeen{declared: labelmeNames(f)}
	var all []Record
	set := perImage{files: f.labelFiles(looksLikeLabelme, ".json"), limit: maxTextBytes, parse: parseLabelme, named: func(data []byte) string {
		var l labelmeFile
		json.Unmarshal(data, &l)
		return l.Image
	}}
	err := set.read(ctx, f, func(r Record) error {
		all = append(all, r)
		return nil
	}, problem)
	if err != nil {
		return Header{}, err
	}
	h := seen.header(all)
	return h, yieldAll(ctx, all, yield)
}

// parseLabelme adds one file's shapes to the image's record.
func parseLabelme(r *Record, data []byte, problem Report) error {
	var l labelmeFile
	if err := json.NewDecoder(lenient(bytes.NewReader(data))).Decode(&l); err != nil {
		return fmt.Errorf("it is damaged JSON: %w", tooEarly(jsonError(err)))
	}
	r.HasAnnotation = true
	r.Width, r.Height = wholePixels(l.Width.Value), wholePixels(l.Height.Value)
	if r.Width == 0 || r.Height == 0 {
		r.Width, r.Height = 0, 0
	}
	for i, s := range l.Shapes {
		what := fmt.Sprintf("%s, shape %d", path.Base(r.ImagePath), i+1)
		label, ok := s.Label.(string)
		if !ok && s.Label != nil {
			label = fmt.Sprint(s.Label)
		}
		corners, err := s.corners()
		if err != nil {
			r.refuse(problem, 0, what, "was skipped: "+err.Error())
			continue
		}
		r.addPixels(corners[0], corners[1], corners[2], corners[3], label, problem, 0, what)
	}
	for _, name := range sortedKeys(l.Flags) {
		if on, ok := l.Flags[name].(bool); ok && on {
			if name, err := conceptName(name); err == nil {
				r.Concepts = append(r.Concepts, name)
			}
		}
	}
	return nil
}

// corners are those of the box around a shape.
func (s labelmeShape) corners() (c [4]float64, err error) {
	var points []float64
	for _, p := range s.Points {
		if len(p) < 2 || !p[0].Valid || !p[1].Valid {
			return c, fmt.Errorf("a point of it is not two numbers")
		}
		points = append(points, p[0].Value, p[1].Value)
	}
	switch s.Type {
	case "circle":
		if len(points) != 4 {
			return c, fmt.Errorf("a circle has %d points instead of 2", len(points)/2)
		}
		radius := math.Hypot(points[2]-points[0], points[3]-points[1])
		return [4]float64{points[0] - radius, points[1] - radius, points[0] + radius, points[1] + radius}, nil
	case "point", "points", "line", "linestrip":
		return c, fmt.Errorf("a %s has no area", s.Type)
	}
	return around(points)
}

// around is the box around points x, y, …
func around(points []float64) (c [4]float64, err error) {
	if len(points) < 4 {
		return c, fmt.Errorf("it has %d points, which make no box", len(points)/2)
	}
	c = [4]float64{points[0], points[1], points[0], points[1]}
	for i := 2; i+1 < len(points); i += 2 {
		c[0], c[2] = min(c[0], points[i]), max(c[2], points[i])
		c[1], c[3] = min(c[1], points[i+1]), max(c[3], points[i+1])
	}
	return c, nil
}
