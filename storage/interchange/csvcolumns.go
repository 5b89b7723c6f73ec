package interchange

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// csvColumns are the positions of columns; -1 where there is none.
type csvColumns struct {
	file, concepts, split, annotated, reviewed, width, height int
	box                                                       [4]int // by shape
	shape                                                     csvShape
	flags                                                     []csvFlag // a column a concept, with 0 and 1
}

// csvFlag is a column that reports whether an image has a concept.
type csvFlag struct {
	at      int
	concept string
	is, not bool // it holds 0 or 1; it holds something else
}

// csvShape is how a box's four columns give it.
type csvShape int

const (
	noBox    csvShape = iota
	byEdges           // xmin, ymin, xmax, ymax
	bySize            // x, y of the upper left corner, width, height
	byCentre          // x, y of the centre, width, height
	inCell            // one cell: [x, y, width, height]
)

// csvNames maps names of columns to what they hold, more certain ones first where a
// table may have several.
var csvNames = map[string][]string{
	"file": {"file", "filename", "file_name", "image", "images", "image_path", "path", "filepath", "file_path", "img", "imagename", "image_name",
		"image_file", "image_filename", "img_path", "img_name", "imgname", "frame", "picture", "photo", "image_id", "imageid", "img_id", "image_url", "url", "uri", "external_id"},
	"concepts": {"concepts", "concept", "label", "labels", "class", "classes", "class_name", "classname", "label_name", "labelname", "tag", "tags", "category",
		"categories", "category_name", "species", "target", "object", "object_name", "name", "class_id", "category_id"},
	"split":     {"split", "set", "subset", "dataset", "partition", "fold", "usage"},
	"annotated": {"annotated"},
	"reviewed":  {"reviewed"},
	"width":     {"image_width", "img_width", "imagewidth", "original_width", "width"},
	"height":    {"image_height", "img_height", "imageheight", "original_height", "height"},
	"xmin":      {"xmin", "x_min", "x1", "xtl", "left", "bbox_xmin", "bbox_x1", "x0"},
	"ymin":      {"ymin", "y_min", "y1", "ytl", "top", "bbox_ymin", "bbox_y1", "y0"},
	"xmax":      {"xmax", "x_max", "x2", "xbr", "right", "bbox_xmax", "bbox_x2"},
	"ymax":      {"ymax", "y_max", "y2", "ybr", "bottom", "bbox_ymax", "bbox_y2"},
	"x":         {"x", "bbox_x", "bbox_left", "box_x", "xmin", "x_min", "x1", "left"},
	"y":         {"y", "bbox_y", "bbox_top", "box_y", "ymin", "y_min", "y1", "top"},
	"w":         {"w", "bbox_width", "bbox_w", "box_width", "box_w", "width"},
	"h":         {"h", "bbox_height", "bbox_h", "box_height", "box_h", "height"},
	"cx":        {"cx", "x_center", "x_centre", "xcenter", "center_x", "xc"},
	"cy":        {"cy", "y_center", "y_centre", "ycenter", "center_y", "yc"},
	"bbox":      {"bbox", "box", "bounding_box", "bndbox"},
}

// newCSVColumns reads the first line's names; false where it names no column
// of files.
func newCSVColumns(fields []string) (csvColumns, bool) {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = strings.NewReplacer(" ", "_", "-", "_", ":", "_").Replace(strings.ToLower(strings.TrimSpace(f)))
	}
	get := func(role string) int {
		for _, n := range csvNames[role] {
			if i := slices.Index(names, n); i >= 0 {
				return i
			}
		}
		return -1
	}
	c := csvColumns{file: get("file"), concepts: get("concepts"), split: get("split"), annotated: get("annotated"), reviewed: get("reviewed"), width: get("width"), height: get("height")}
	c.box = [4]int{-1, -1, -1, -1}
	if c.file < 0 && c.concepts >= 0 {
		c.file = slices.Index(names, "id") // Kaggle's
	}
	for _, s := range []struct {
		shape csvShape
		roles [4]string
	}{
		{byEdges, [4]string{"xmin", "ymin", "xmax", "ymax"}}, {byCentre, [4]string{"cx", "cy", "w", "h"}}, {bySize, [4]string{"x", "y", "w", "h"}}, {inCell, [4]string{"bbox", "bbox", "bbox", "bbox"}},
	} {
		at := [4]int{get(s.roles[0]), get(s.roles[1]), get(s.roles[2]), get(s.roles[3])}
		if min(at[0], at[1], at[2], at[3]) >= 0 {
			c.box, c.shape = at, s.shape
			break
		}
	}
	if c.box[2] == c.width && c.shape != noBox { // it is the box's, not the image's
		c.width, c.height = -1, -1
	}
	if c.concepts < 0 && c.shape != noBox {
		c.concepts = c.onlyConcept(names)
	}
	if c.concepts < 0 && c.shape == noBox && c.file >= 0 {
		c.findFlags(fields)
	}
	return c, c.file >= 0
}

// onlyConcept is the one column left whose name ends as those of concepts do, such as
// "cell_type"; -1 where there is none, or several.
func (c csvColumns) onlyConcept(names []string) int {
	found := -1
	for i, name := range names {
		if slices.Contains([]int{c.file, c.split, c.annotated, c.reviewed}, i) || slices.Contains(c.box[:], i) {
			continue
		}
		if _, last, ok := cutLast(name, "_"); !ok || !slices.Contains([]string{"type", "class", "label", "category", "name", "kind", "species"}, last) {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = i
	}
	return found
}

// cutLast cuts a text at the last place where it has sep.
func cutLast(s, sep string) (before, after string, ok bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// findFlags takes all other columns for concepts; whether they hold 0 and 1 is
// seen in each row.
func (c *csvColumns) findFlags(fields []string) {
	taken := []int{c.file, c.split, c.annotated, c.reviewed, c.width, c.height}
	for i, f := range fields {
		name := strings.TrimSpace(f)
		if slices.Contains(taken, i) || name == "" || len(c.flags) > maxConcepts {
			continue
		}
		c.flags = append(c.flags, csvFlag{at: i, concept: name})
	}
}

// seeFlags looks at a row's flags.
func (c *csvColumns) seeFlags(fields []string) {
	for i := range c.flags {
		text := cell(fields, c.flags[i].at)
		v, err := parseNumber(text)
		switch {
		case text == "":
		case err == nil && (v == 0 || v == 1 || v == -1), yes(text), no(text):
			c.flags[i].is = true
		default:
			c.flags[i].not = true
		}
	}
}

// keepFlags drops the columns that hold anything else than 0 and 1; where most of the
// columns that hold something do, the others are no concepts either: they describe the
// images, as the column "Rotation" of Open Images' lists does.
func (c *csvColumns) keepFlags() {
	is, not := 0, 0
	for _, f := range c.flags {
		switch {
		case f.not:
			not++
		case f.is:
			is++
		}
	}
	if not > is {
		c.flags = nil
		return
	}
	c.flags = slices.DeleteFunc(c.flags, func(f csvFlag) bool { return f.not || !f.is })
}

// headless recognises the columns of a table without a first line of names by
// what its first row holds: an image, a concept and a split; an image, a box and
// a concept (keras-retinanet); or TensorFlow's eight columns.
func headless(fields []string) (csvColumns, error) {
	c := csvColumns{file: 0, concepts: -1, split: -1, annotated: -1, reviewed: -1, width: -1, height: -1, box: [4]int{-1, -1, -1, -1}}
	noNames := errors.New("there is no column \"file\"; the first line should name the columns, such as file,concepts,split")
	if !isImageName(path.Base(strings.ReplaceAll(cell(fields, 0), `\`, "/"))) {
		return c, noNames
	}
	numbers := func(from, to int) bool {
		for i := from; i <= to; i++ {
			if _, err := parseNumber(cell(fields, i)); err != nil {
				return false
			}
		}
		return true
	}
	empty := func(from, to int) bool {
		for i := from; i <= to; i++ {
			if cell(fields, i) != "" {
				return false
			}
		}
		return true
	}
	isSplit := func(s string) bool { _, ok := splitName(s); return ok }
	switch n := len(fields); {
	case n == 6 && (numbers(1, 4) && !numbers(5, 5) || empty(1, 5)):
		c.box, c.shape, c.concepts = [4]int{1, 2, 3, 4}, byEdges, 5
	case n == 8 && numbers(1, 2) && !numbers(3, 3) && numbers(4, 7):
		c.width, c.height, c.concepts, c.box, c.shape = 1, 2, 3, [4]int{4, 5, 6, 7}, byEdges
	case n == 2:
		c.concepts = 1
	case n == 3 && isSplit(cell(fields, 2)):
		c.concepts, c.split = 1, 2
	default:
		return c, noNames
	}
	return c, nil
}

func (c csvColumns) hasBoxes() bool { return c.shape != noBox }

// annotates reports whether the table holds annotations, not only names of images.
func (c csvColumns) annotates() bool { return c.concepts >= 0 || len(c.flags) > 0 || c.hasBoxes() }

func cell(fields []string, i int) string {
	if i < 0 || i >= len(fields) {
		return ""
	}
	return strings.TrimSpace(fields[i])
}

// named lists the concepts that a row names.
func (c csvColumns) named(fields []string) []string {
	if c.concepts >= 0 {
		return splitConcepts(cell(fields, c.concepts))
	}
	var all []string
	for _, f := range c.flags {
		text := cell(fields, f.at)
		if v, err := parseNumber(text); err == nil && v == 1 || yes(text) {
			all = append(all, f.concept)
		}
	}
	return all
}

// How many of a box's coordinates a row has.
const (
	noCoordinate = iota
	someCoordinates
	allCoordinates
)

// corners are two corners of the row's box.
func (c csvColumns) corners(fields []string) (v [4]float64, state int, err error) {
	if c.shape == inCell {
		return cellBox(cell(fields, c.box[0]))
	}
	n := 0
	for i, column := range c.box {
		s := cell(fields, column)
		if s == "" {
			continue
		}
		n++
		if v[i], err = parseNumber(s); err != nil {
			return v, someCoordinates, err
		}
	}
	if n == 0 {
		return v, noCoordinate, nil
	}
	if n < 4 {
		return v, someCoordinates, nil
	}
	switch c.shape {
	case bySize:
		v[2], v[3] = v[0]+v[2], v[1]+v[3]
	case byCentre:
		v = [4]float64{v[0] - v[2]/2, v[1] - v[3]/2, v[0] + v[2]/2, v[1] + v[3]/2}
	}
	return v, allCoordinates, nil
}

// cellBox reads "[x, y, width, height]".
func cellBox(s string) (v [4]float64, state int, err error) {
	if s == "" || s == "[]" {
		return v, noCoordinate, nil
	}
	var list []jsonNumber
	if json.Unmarshal([]byte("["+strings.Join(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("[](), ;", r) }), ",")+"]"), &list) != nil || len(list) != 4 {
		return v, someCoordinates, fmt.Errorf("%.60q is not a box of x, y, width, height", s)
	}
	for i, n := range list {
		if !n.Valid {
			return v, someCoordinates, fmt.Errorf("%.60q is not a box of x, y, width, height", s)
		}
		v[i] = n.Value
	}
	return [4]float64{v[0], v[1], v[0] + v[2], v[1] + v[3]}, allCoordinates, nil
}
