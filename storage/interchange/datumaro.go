package interchange

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"

	"viewfinder/storage/domain"
)

// Datumaro is the name of this format.
const Datumaro Format = "datumaro"

// datumaroFormat is Datumaro's definition.
var datumaroFormat = Definition{
	Name: Datumaro, Title: "Datumaro",
	Summary:  "Datumaro's JSON",
	Files:    "`annotations/SUBSET.json` and `images/SUBSET/`",
	Loses:    "shapes: polygons and masks become the boxes around them, points and lines are named; attributes, groups; whether somebody looked at an image without an annotation",
	Proved:   "the samples in openvinotoolkit/datumaro",
	Holds:    Holds{Tasks: domain.Tasks(), Boxes: true, Splits: true},
	Sniff:    looksLikeDatumaro,
	importer: datumaroImporter{},
}

// datumaroImporter reads items with annotations, one file a subset, whose
// name is the split. An item without an annotation is not annotated, for all are listed.
type datumaroImporter struct{}

func looksLikeDatumaro(name, head string) bool {
	return strings.EqualFold(path.Ext(name), ".json") && strings.HasPrefix(strings.TrimSpace(head), "{") &&
		strings.Contains(head, `"categories"`) && (strings.Contains(head, `"items"`) || strings.Contains(head, `"dm_format_version"`) || strings.Contains(head, `"label": {"labels"`) || strings.Contains(head, `"label":{"labels"`))
}

func (datumaroImporter) Recognises(f *Folder) (bool, error) {
	return f.recognisesFiles(looksLikeDatumaro, ".json"), nil
}

type datumaroFile struct {
	Categories struct {
		Label struct {
			Labels []struct {
				Name string `json:"name"`
			} `json:"labels"`
		} `json:"label"`
	} `json:"categories"`
	Items []datumaroItem `json:"items"`
}

type datumaroItem struct {
	ID    string `json:"id"`
	Image struct {
		Path string       `json:"path"`
		Size []jsonNumber `json:"size"` // height, width
	} `json:"image"`
	Media struct {
		Path string `json:"path"`
	} `json:"media"`
	Annotations []struct {
		Type   string           `json:"type"`
		Label  jsonNumber       `json:"label_id"`
		Box    []jsonNumber     `json:"bbox"` // x, y, width, height
		Points []jsonNumber     `json:"points"`
		RLE    cocoSegmentation `json:"rle"`
	} `json:"annotations"`
}

func (datumaroImporter) Read(ctx context.Context, f *Folder, yield Yield, problem Report) (Header, error) {
	names := f.labelFiles(looksLikeDatumaro, ".json")
	found := newLocated(f, problem)
	var concepts conceptList
	for _, name := range names {
		data, err := f.read(name, maxTextBytes)
		if err != nil {
			return Header{}, fmt.Errorf("%s: %w", name, err)
		}
		records, labels, err := parseDatumaro(name, data, problem)
		if err != nil {
			return Header{}, &fileError{file: name, err: err}
		}
		for _, l := range labels {
			if l != "" {
				concepts.add(l)
			}
		}
		subset := stemOf(name)
		split, ok := splitName(subset)
		up := dirOf(name)
		if isLabelFolder(path.Base(up)) {
			up = dirOf(up)
		}
		found.folders = []string{path.Join(up, "images/"+subset), path.Join(up, "images"), dirOf(name), up}
		for _, r := range records {
			if ok {
				r.Split = split
			}
			found.add(r)
		}
	}
	return found.yield(ctx, concepts.names, yield, strings.Join(names, ", "))
}

// parseDatumaro reads one subset.
func parseDatumaro(file string, data []byte, problem Report) (all []Record, labels []string, err error) {
	var d datumaroFile
	if err := json.NewDecoder(lenient(bytes.NewReader(data))).Decode(&d); err != nil {
		return nil, nil, fmt.Errorf("it is damaged JSON: %w", tooEarly(jsonError(err)))
	}
	for _, l := range d.Categories.Label.Labels {
		name, _ := conceptName(l.Name)
		labels = append(labels, name)
	}
	for _, item := range d.Items[:min(len(d.Items), maxFiles)] {
		r := Record{File: file, ImagePath: item.Image.Path}
		for _, other := range []string{item.Media.Path, item.ID} {
			if r.ImagePath == "" {
				r.ImagePath = other
			}
		}
		if len(item.Image.Size) == 2 {
			r.Width, r.Height = wholePixels(item.Image.Size[1].Value), wholePixels(item.Image.Size[0].Value)
			if r.Width == 0 || r.Height == 0 {
				r.Width, r.Height = 0, 0
			}
		}
		for i, a := range item.Annotations[:min(len(item.Annotations), maxRegions)] {
			what := fmt.Sprintf("%s, annotation %d", r.ImagePath, i+1)
			n := int(a.Label.Value)
			if a.Type == "caption" {
				continue
			}
			if !a.Label.Valid || n < 0 || n >= len(labels) {
				r.refuse(problem, 0, what, "was skipped: its label is not one that the file declares")
				continue
			}
			if a.Type == "label" {
				r.addConcept(labels[n], problem, what)
				continue
			}
			var c [4]float64
			var err error
			switch a.Type {
			case "bbox", "rotated_bbox", "ellipse", "polygon":
				var v []float64
				numbers := a.Points
				if a.Type == "bbox" {
					numbers = a.Box
				}
				for _, p := range numbers {
					if !p.Valid {
						err = errors.New("a coordinate is not a number")
					}
					v = append(v, p.Value)
				}
				switch {
				case err != nil:
				case a.Type == "bbox" && len(v) == 4:
					c = [4]float64{v[0], v[1], v[0] + v[2], v[1] + v[3]}
				case a.Type == "bbox":
					err = fmt.Errorf("its bbox has %d numbers instead of 4", len(v))
				default:
					c, err = around(v)
				}
			case "mask":
				if c, err = a.RLE.box(); !a.RLE.has {
					err = errors.New("its mask has no run lengths")
				}
			default:
				err = fmt.Errorf("a shape of the kind %.40q has no box", a.Type)
			}
			if err != nil {
				r.refuse(problem, 0, what, "was skipped: "+err.Error())
				continue
			}
			r.addPixels(c[0], c[1], c[2], c[3], labels[n], problem, 0, what)
		}
		all = append(all, r)
	}
	return all, labels, nil
}
