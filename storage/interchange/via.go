package interchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"viewfinder/storage/domain"
)

// VIA is the name of this format.
const VIA Format = "via"

// viaFormat is the VGG Image Annotator's definition.
var viaFormat = Definition{
	Name: VIA, Title: "VGG Image Annotator",
	Summary:  "VGG Image Annotator (VIA) 1 and 2, JSON or CSV",
	Files:    "`via_region_data.json`, a project's JSON or the CSV, beside the images",
	Loses:    "shapes: polygons, circles and ellipses become the boxes around them, points and lines are named; all region attributes but one; whether somebody looked at an image without a region",
	Proved:   "fabioaraujopt/fire_images (389 images found; its 766 polygons have no attribute, so no concept, which is reported for each)",
	Holds:    Holds{Tasks: domain.Tasks(), Boxes: true},
	Sniff:    looksLikeVIA,
	importer: viaImporter{},
}

// viaImporter reads regions with their attributes. The attribute that names
// the concept is the one called label, class, type or the like, else the one that
// most regions have. Where no image has a region, attributes of files are
// concepts of whole images. An image without either is not annotated, for VIA lists all.
type viaImporter struct{}

func looksLikeVIA(name, head string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".json":
		return strings.HasPrefix(strings.TrimSpace(head), "{") && (strings.Contains(head, `"_via_img_metadata"`) ||
			strings.Contains(head, `"regions"`) && strings.Contains(head, `"filename"`) && (strings.Contains(head, `"shape_attributes"`) || strings.Contains(head, `"file_attributes"`)))
	case ".csv":
		line, _, _ := strings.Cut(head, "\n")
		return strings.Contains(line, "region_shape_attributes")
	}
	return false
}

func (viaImporter) Recognises(f *Folder) (bool, error) {
	return f.recognisesFiles(looksLikeVIA, ".json", ".csv"), nil
}

// viaImage is one image's regions, whatever file they came from.
type viaImage struct {
	FileName string          `json:"filename"`
	Regions  json.RawMessage `json:"regions"` // a list, or in version 1 an object
	File     viaAttributes   `json:"file_attributes"`
	regions  []viaRegion
	line     int
}

type viaRegion struct {
	Shape      map[string]json.RawMessage `json:"shape_attributes"`
	Attributes viaAttributes              `json:"region_attributes"`
}

// viaAttributes are values that a person typed or chose; a choice of several
// is an object of true.
type viaAttributes map[string]json.RawMessage

// values are the values of an attribute.
func (a viaAttributes) values(name string) []string {
	raw, ok := a[name]
	if !ok {
		return nil
	}
	var text string
	var number jsonNumber
	var chosen map[string]jsonNumber
	switch {
	case json.Unmarshal(raw, &text) == nil:
		if text = strings.TrimSpace(text); text != "" && text != "undefined" {
			return []string{text}
		}
	case json.Unmarshal(raw, &chosen) == nil:
		var all []string
		for _, key := range sortedKeys(chosen) {
			if chosen[key].Value != 0 {
				all = append(all, key)
			}
		}
		return all
	case json.Unmarshal(raw, &number) == nil && number.Valid:
		return []string{fmt.Sprint(number.Value)}
	}
	return nil
}

func (viaImporter) Read(ctx context.Context, f *Folder, yield Yield, problem Report) (Header, error) {
	name := f.File
	if name == "" {
		name = f.firstFile(looksLikeVIA, ".json", ".csv")
	}
	data, err := f.read(name, maxTextBytes)
	if err != nil {
		return Header{}, fmt.Errorf("%s: %w", name, err)
	}
	var images []viaImage
	if strings.EqualFold(path.Ext(name), ".csv") {
		images, err = viaTable(name, data, problem)
	} else {
		images, err = viaJSON(data)
	}
	if err != nil {
		return Header{}, &fileError{file: name, err: err}
	}
	found := newLocated(f, problem, dirOf(name), path.Join(dirOf(name), "images"))
	records, note := viaRecords(name, images, problem)
	for _, r := range records {
		found.add(r)
	}
	h, err := found.yield(ctx, nil, yield, name)
	if note != "" {
		h.Notes = append(h.Notes, note)
	}
	return h, err
}

// viaJSON reads a project, or the annotations alone.
func viaJSON(data []byte) ([]viaImage, error) {
	var project struct {
		Images map[string]viaImage `json:"_via_img_metadata"`
	}
	if err := json.Unmarshal(data, &project); err != nil {
		return nil, fmt.Errorf("it is damaged JSON: %w", tooEarly(jsonError(err)))
	}
	images := project.Images
	if images == nil {
		if err := json.Unmarshal(data, &images); err != nil {
			return nil, fmt.Errorf("it is damaged JSON: %w", tooEarly(jsonError(err)))
		}
	}
	var all []viaImage
	for _, key := range sortedKeys(images) {
		image := images[key]
		if image.FileName == "" {
			continue
		}
		var byNumber map[string]viaRegion
		if json.Unmarshal(image.Regions, &image.regions) != nil && json.Unmarshal(image.Regions, &byNumber) == nil {
			for _, n := range sortedKeys(byNumber) {
				image.regions = append(image.regions, byNumber[n])
			}
		}
		all = append(all, image)
	}
	return all, nil
}

// viaTable reads the CSV: one row a region, its attributes in JSON.
func viaTable(name string, data []byte, problem Report) ([]viaImage, error) {
	var all []viaImage
	index := map[string]int{}
	var at map[string]int
	err := eachLine(strings.NewReader(string(data)), func(n int, line []byte) error {
		fields, err := splitFields(string(line), ',')
		if err != nil {
			problem(Problem{File: name, Line: n, Reason: "the line was skipped: " + err.Error()})
			return nil
		}
		if at == nil {
			at = map[string]int{}
			for i, f := range fields {
				at[strings.TrimLeft(strings.TrimSpace(f), "#")] = i + 1
			}
			if at["filename"] == 0 || at["region_shape_attributes"] == 0 {
				return errors.New("its first line does not name the columns filename and region_shape_attributes")
			}
			return nil
		}
		file := cell(fields, at["filename"]-1)
		if file == "" {
			return nil
		}
		i, again := index[file]
		if !again {
			i = len(all)
			index[file] = i
			all = append(all, viaImage{FileName: file, line: n})
			json.Unmarshal([]byte(cell(fields, at["file_attributes"]-1)), &all[i].File)
		}
		var region viaRegion
		if json.Unmarshal([]byte(cell(fields, at["region_shape_attributes"]-1)), &region.Shape) != nil {
			problem(Problem{File: name, Line: n, Record: file, Reason: "the region was skipped: its shape is not JSON"})
			return nil
		}
		json.Unmarshal([]byte(cell(fields, at["region_attributes"]-1)), &region.Attributes)
		if len(region.Shape) > 0 {
			all[i].regions = append(all[i].regions, region)
		}
		return nil
	})
	return all, err
}

// viaConcept is the name of the attribute that names concepts; others tells
// whether there are more.
func viaConcept(counts map[string]int) (name string, others int) {
	for _, usual := range []string{"label", "class", "name", "type", "category", "object", "tag", "concept"} {
		for key := range counts {
			if fold(key) == usual {
				return key, len(counts) - 1
			}
		}
	}
	for _, key := range sortedKeys(counts) {
		if counts[key] > counts[name] {
			name = key
		}
	}
	return name, max(0, len(counts)-1)
}

// viaRecords makes records of images; note names the attribute that was read where there are several.
func viaRecords(file string, images []viaImage, problem Report) (all []Record, note string) {
	counts := map[string]int{}
	regions := 0
	for _, image := range images {
		for _, region := range image.regions {
			regions++
			for key := range region.Attributes {
				if len(region.Attributes.values(key)) > 0 {
					counts[key]++
				}
			}
		}
	}
	attribute, others := viaConcept(counts)
	if others > 0 {
		note = fmt.Sprintf("of the regions' attributes %q were read as concepts; the others are not kept", attribute)
	}
	for _, image := range images {
		r := Record{File: file, Line: image.line, ImagePath: image.FileName}
		for i, region := range image.regions[:min(len(image.regions), maxRegions)] {
			what := fmt.Sprintf("%s, region %d", image.FileName, i+1)
			values := region.Attributes.values(attribute)
			corners, err := region.corners()
			if err == nil && len(values) == 0 {
				err = errors.New("it has no concept among its attributes")
			}
			if err != nil {
				r.refuse(problem, image.line, what, "the region was skipped: "+err.Error())
				continue
			}
			r.addPixels(corners[0], corners[1], corners[2], corners[3], values[0], problem, image.line, what)
		}
		if regions == 0 {
			for _, key := range sortedKeys(image.File) {
				if slices.Contains([]string{"caption", "public_domain", "image_url"}, key) {
					continue // the attributes that VIA begins with
				}
				for _, v := range image.File.values(key) {
					r.addConcept(v, problem, image.FileName)
				}
			}
		}
		all = append(all, r)
	}
	return all, note
}

// corners are those of the box around a region.
func (v viaRegion) corners() (c [4]float64, err error) {
	get := func(keys ...string) ([]float64, error) {
		var values []float64
		for _, k := range keys {
			var n jsonNumber
			json.Unmarshal(v.Shape[k], &n)
			if !n.Valid {
				return nil, fmt.Errorf("its %s is not a number", k)
			}
			values = append(values, n.Value)
		}
		return values, nil
	}
	var shape string
	json.Unmarshal(v.Shape["name"], &shape)
	switch shape {
	case "rect":
		n, err := get("x", "y", "width", "height")
		if err != nil {
			return c, err
		}
		return [4]float64{n[0], n[1], n[0] + n[2], n[1] + n[3]}, nil
	case "circle":
		n, err := get("cx", "cy", "r")
		if err != nil {
			return c, err
		}
		return [4]float64{n[0] - n[2], n[1] - n[2], n[0] + n[2], n[1] + n[2]}, nil
	case "ellipse":
		n, err := get("cx", "cy", "rx", "ry")
		if err != nil {
			return c, err
		}
		return [4]float64{n[0] - n[2], n[1] - n[3], n[0] + n[2], n[1] + n[3]}, nil
	case "polygon":
		var xs, ys []jsonNumber
		if json.Unmarshal(v.Shape["all_points_x"], &xs) != nil || json.Unmarshal(v.Shape["all_points_y"], &ys) != nil || len(xs) != len(ys) {
			return c, errors.New("its points are not two lists of numbers of one length")
		}
		var points []float64
		for i := range xs {
			if !xs[i].Valid || !ys[i].Valid {
				return c, errors.New("a point of it is not two numbers")
			}
			points = append(points, xs[i].Value, ys[i].Value)
		}
		return around(points)
	}
	return c, fmt.Errorf("a shape of the kind %.40q has no box", shape)
}
