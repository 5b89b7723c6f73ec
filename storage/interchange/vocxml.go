package interchange

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// vocAnnotation is what is taken from one XML file. After an error, line is
// where it was.
type vocAnnotation struct {
	filename      string
	width, height int
	boxes         []Box
	refused       int // objects that could not be taken
	line          int
}

// vocObject collects one <object>.
type vocObject struct {
	line   int
	name   string
	edges  [4]string
	within bool      // a bndbox was seen
	points []float64 // of a polygon, x and y in turn, as labelme's first version has them
	gone   bool      // marked as deleted there
}

var vocEdges = map[string]int{"xmin": 0, "ymin": 1, "xmax": 2, "ymax": 3}

// parseVOC reads an annotation token by token, so that neither depth nor
// entities cost more than the file's own length. Problems concern single
// objects; an error makes the whole file useless.
func parseVOC(data []byte) (a vocAnnotation, problems []Problem, err error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Strict = true
	d.CharsetReader = charsetReader
	var stack []string
	var objects []vocObject
	var text strings.Builder
	var object vocObject
	started := false
	for {
		a.line, _ = d.InputPos()
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			a.line, _ = d.InputPos()
			return a, nil, xmlError(err)
		}
		switch t := token.(type) {
		case xml.Directive:
			return a, nil, errors.New("it has a DOCTYPE or an entity, which is not allowed")
		case xml.StartElement:
			if len(stack) >= maxDepth {
				return a, nil, errors.New("its elements are nested too deeply")
			}
			if len(stack) == 0 && t.Name.Local != "annotation" {
				return a, nil, fmt.Errorf("it is not Pascal VOC: its first element is <%.40s>, not <annotation>", t.Name.Local)
			}
			started = true
			stack = append(stack, t.Name.Local)
			text.Reset()
			switch strings.Join(stack, "/") {
			case "annotation/object":
				object = vocObject{line: a.line}
			case "annotation/object/bndbox":
				object.within = true
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
			switch here {
			case "annotation/filename":
				a.filename = value
			case "annotation/size/width":
				a.width = pixels(value)
			case "annotation/size/height":
				a.height = pixels(value)
			case "annotation/object/name":
				object.name = value
			case "annotation/object":
				if len(objects) >= maxRegions {
					return a, nil, fmt.Errorf("it has more than %d objects", maxRegions)
				}
				objects = append(objects, object)
			case "annotation/imagesize/ncols":
				a.width = pixels(value)
			case "annotation/imagesize/nrows":
				a.height = pixels(value)
			case "annotation/object/deleted":
				object.gone = value == "1"
			case "annotation/object/polygon/pt/x", "annotation/object/polygon/pt/y":
				if v, err := parseNumber(value); err == nil && len(object.points) < 2*maxRegions {
					object.points = append(object.points, v)
				}
			default:
				if edge, ok := strings.CutPrefix(here, "annotation/object/bndbox/"); ok {
					if i, ok := vocEdges[edge]; ok {
						object.edges[i] = value
					}
				}
			}
		}
	}
	if len(stack) > 0 || !started {
		return a, nil, errors.New("it ends too early")
	}
	if a.width == 0 || a.height == 0 {
		a.width, a.height = 0, 0
	}
	for i, o := range objects {
		if o.gone {
			continue
		}
		box, note, err := o.box(a.width, a.height)
		if err != nil {
			note = err.Error()
		}
		if note != "" {
			problems = append(problems, Problem{Line: o.line, Record: fmt.Sprintf("object %d, %.80s", i+1, o.name), Reason: note})
		}
		if err == nil {
			a.boxes = append(a.boxes, box)
		} else {
			a.refused++
		}
	}
	return a, problems, nil
}

// box turns an object's strings into a box.
func (o vocObject) box(w, h int) (Box, string, error) {
	name, err := conceptName(o.name)
	if err != nil {
		return Box{}, "", fmt.Errorf("the object was skipped: %w", err)
	}
	if !o.within && len(o.points) >= 4 && len(o.points)%2 == 0 {
		c, err := around(o.points)
		if err != nil {
			return Box{}, "", fmt.Errorf("the object was skipped: %w", err)
		}
		return newBox(c[0], c[1], c[2], c[3], w, h, name)
	}
	if !o.within {
		return Box{}, "", errors.New("the object was skipped: it has no bndbox")
	}
	var v [4]float64
	for i, s := range o.edges {
		if v[i], err = parseNumber(s); err != nil {
			return Box{}, "", fmt.Errorf("the box was skipped: %w", err)
		}
	}
	return newBox(v[0], v[1], v[2], v[3], w, h, name)
}

func xmlError(err error) error {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("it is damaged XML: %s", syntax.Msg)
	}
	return err
}
