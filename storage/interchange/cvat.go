package interchange

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"strconv"
	"strings"

	"viewfinder/storage/domain"
)

// CVAT is the name of this format.
const CVAT Format = "cvat"

// cvatFormat is CVAT's definition.
var cvatFormat = Definition{
	Name: CVAT, Title: "CVAT",
	Summary:  "CVAT's XML 1.1, for images or video",
	Files:    "`annotations.xml` above or beside the images (`images/`, or `images/SUBSET/` in the export of a project)",
	Loses:    "shapes: polygons, ellipses and masks become the boxes around them, points and lines are named; attributes, tracks' numbers, the order of depth; whether somebody looked at an image without a shape",
	Proved:   "KGCraig/urban-scene-annotation (14 images, 218 polygons, all read) and the samples for images, projects and video in openvinotoolkit/datumaro",
	Holds:    Holds{Tasks: domain.Tasks(), Boxes: true, Splits: true},
	Sniff:    looksLikeCVAT,
	importer: cvatImporter{},
	naming:   keepFolders,
	exporter: func() exporter { return &cvatExporter{} },
}

// cvatImporter reads "CVAT for images 1.1" and "CVAT for video 1.1": images
// with shapes and tags, or tracks of shapes over frames, whose images are
// called frame_000000 and so on. Labels that the file declares are concepts.
// An image without a shape or tag is not annotated, for CVAT lists all.
type cvatImporter struct{}

func looksLikeCVAT(name, head string) bool {
	return strings.EqualFold(path.Ext(name), ".xml") && strings.Contains(head, "<annotations>") &&
		(strings.Contains(head, "<image ") || strings.Contains(head, "<track ") || strings.Contains(head, "<meta>") || strings.Contains(head, "<version>"))
}

func (cvatImporter) Recognises(f *Folder) (bool, error) {
	return f.recognisesFiles(looksLikeCVAT, ".xml"), nil
}

func (cvatImporter) Read(ctx context.Context, f *Folder, yield Yield, problem Report) (Header, error) {
	name := f.File
	if name == "" {
		name = f.firstFile(looksLikeCVAT, ".xml")
	}
	data, err := f.read(name, maxTextBytes)
	if err != nil {
		return Header{}, fmt.Errorf("%s: %w", name, err)
	}
	c := cvatFile{name: name, problem: problem}
	if err := c.parse(ctx, data); err != nil {
		return Header{}, &fileError{file: name, line: c.line, err: err}
	}
	found := newLocated(f, problem, dirOf(name), path.Join(dirOf(name), "images"))
	for i, r := range c.all() {
		if i < len(c.subsets) && c.subsets[i] != "" { // a project's export has a folder for each subset
			inSubset := path.Join(c.subsets[i], r.ImagePath)
			if _, err := f.findExact(inSubset, []string{path.Join(dirOf(name), "images"), dirOf(name)}); err == nil {
				r.ImagePath = inSubset
			}
		}
		found.add(r)
	}
	return found.yield(ctx, c.labels.names, yield, name)
}

// cvatFile is what is taken from one file.
type cvatFile struct {
	name    string
	problem Report
	line    int
	labels  conceptList
	images  []Record
	subsets []string        // of the images, as the file calls them
	frames  map[int]*Record // of a video, by number
	order   []int
	size    [2]int // of the video
}

// all are the records of images, then of frames.
func (c *cvatFile) all() []Record {
	all := c.images
	for _, n := range c.order {
		r := *c.frames[n]
		if r.Width == 0 {
			r.Width, r.Height = c.size[0], c.size[1]
		}
		all = append(all, r)
	}
	return all
}

// parse reads the file token by token.
func (c *cvatFile) parse(ctx context.Context, data []byte) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = charsetReader
	var stack []string
	var text strings.Builder
	var image *Record
	track := ""
	for n := 0; ; n++ {
		if n%10000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		c.line, _ = d.InputPos()
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return xmlError(err)
		}
		switch t := token.(type) {
		case xml.Directive:
			return errors.New("it has a DOCTYPE or an entity, which is not allowed")
		case xml.StartElement:
			if len(stack) >= maxDepth {
				return errors.New("its elements are nested too deeply")
			}
			stack = append(stack, t.Name.Local)
			text.Reset()
			a := attributes(t)
			switch {
			case len(stack) == 2 && t.Name.Local == "image":
				if len(c.images) >= maxFiles {
					return errors.New("it has too many images")
				}
				split, _ := splitName(a["subset"])
				c.images = append(c.images, Record{File: c.name, Line: c.line, ImagePath: a["name"], Split: split, Width: pixels(a["width"]), Height: pixels(a["height"])})
				c.subsets = append(c.subsets, a["subset"])
				image = &c.images[len(c.images)-1]
			case len(stack) == 2 && t.Name.Local == "track":
				track = a["label"]
			case len(stack) == 3 && image != nil:
				c.shape(image, t.Name.Local, a["label"], a)
			case len(stack) == 3 && stack[1] == "track" && a["frame"] != "":
				c.tracked(t.Name.Local, track, a)
			}
		case xml.CharData:
			if text.Len()+len(t) <= maxPathBytes {
				text.Write(t)
			}
		case xml.EndElement:
			here := strings.Join(stack, "/")
			value := strings.TrimSpace(text.String())
			text.Reset()
			stack = stack[:len(stack)-1]
			switch {
			case strings.HasPrefix(here, "annotations/meta/") && strings.HasSuffix(here, "labels/label/name"):
				if name, err := conceptName(value); err == nil && len(c.labels.names) < maxConcepts {
					c.labels.add(name)
				}
			case strings.HasSuffix(here, "original_size/width"):
				c.size[0] = pixels(value)
			case strings.HasSuffix(here, "original_size/height"):
				c.size[1] = pixels(value)
			case here == "annotations/image":
				image = nil
			}
		}
	}
	return nil
}

// attributes are an element's, by name.
func attributes(t xml.StartElement) map[string]string {
	a := make(map[string]string, len(t.Attr))
	for _, attr := range t.Attr {
		a[attr.Name.Local] = attr.Value
	}
	return a
}

// tracked adds a track's shape to the frame that it is on.
func (c *cvatFile) tracked(kind, label string, a map[string]string) {
	frame, err := strconv.Atoi(a["frame"])
	if err != nil || frame < 0 || a["outside"] == "1" {
		return
	}
	if c.frames == nil {
		c.frames = map[int]*Record{}
	}
	r := c.frames[frame]
	if r == nil {
		if len(c.frames) >= maxFiles {
			return
		}
		r = &Record{File: c.name, Line: c.line, ImagePath: fmt.Sprintf("frame_%06d", frame), Width: c.size[0], Height: c.size[1]}
		c.frames[frame] = r
		c.order = append(c.order, frame)
	}
	c.shape(r, kind, label, a)
}

// shape adds one shape or tag.
func (c *cvatFile) shape(r *Record, kind, label string, a map[string]string) {
	what := fmt.Sprintf("%s, %s", r.ImagePath, kind)
	if kind == "tag" {
		name, err := conceptName(label)
		if err != nil {
			r.refuse(c.problem, c.line, what, "was skipped: "+err.Error())
			return
		}
		r.HasAnnotation = true
		if !contains(r.Concepts, name) {
			r.Concepts = append(r.Concepts, name)
		}
		return
	}
	corners, err := cvatCorners(kind, a)
	if err != nil {
		r.refuse(c.problem, c.line, what, "was skipped: "+err.Error())
		return
	}
	r.addPixels(corners[0], corners[1], corners[2], corners[3], label, c.problem, c.line, what)
}

// cvatCorners are those of the box around a shape.
func cvatCorners(kind string, a map[string]string) (corners [4]float64, err error) {
	get := func(names ...string) (v [4]float64, err error) {
		for i, n := range names {
			if v[i], err = parseNumber(a[n]); err != nil {
				return v, fmt.Errorf("its %s: %w", n, err)
			}
		}
		return v, nil
	}
	switch kind {
	case "box":
		v, err := get("xtl", "ytl", "xbr", "ybr")
		if angle, e := parseNumber(a["rotation"]); err == nil && e == nil && angle != 0 {
			return rotated(v, angle), nil
		}
		return v, err
	case "ellipse":
		v, err := get("cx", "cy", "rx", "ry")
		return [4]float64{v[0] - v[2], v[1] - v[3], v[0] + v[2], v[1] + v[3]}, err
	case "mask":
		v, err := get("left", "top", "width", "height")
		return [4]float64{v[0], v[1], v[0] + v[2], v[1] + v[3]}, err
	case "polygon":
		var points []float64
		for _, p := range strings.FieldsFunc(a["points"], func(r rune) bool { return r == ';' || r == ',' }) {
			v, err := parseNumber(p)
			if err != nil {
				return corners, fmt.Errorf("its points: %w", err)
			}
			points = append(points, v)
		}
		return around(points)
	case "polyline", "points", "cuboid", "skeleton":
		return corners, fmt.Errorf("a shape of the kind %q is not a box", kind)
	}
	return corners, fmt.Errorf("the kind %.40q is not known", kind)
}

// rotated is the box around a box that is turned about its centre, by degrees
// clockwise.
func rotated(v [4]float64, degrees float64) [4]float64 {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	cx, cy := (v[0]+v[2])/2, (v[1]+v[3])/2
	w, h := math.Abs(v[2]-v[0])/2, math.Abs(v[3]-v[1])/2
	x := math.Abs(w*cos) + math.Abs(h*sin)
	y := math.Abs(w*sin) + math.Abs(h*cos)
	return [4]float64{cx - x, cy - y, cx + x, cy + y}
}
