package interchange

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path"
	"strconv"
	"strings"
)

// labelPath returns where an image's text file stands.
func labelPath(image string) string {
	stem := strings.TrimSuffix(image, path.Ext(image)) + ".txt"
	parts := strings.Split(stem, "/")
	for i := len(parts) - 2; i >= 0; i-- {
		if parts[i] == "images" {
			parts[i] = "labels"
			break
		}
	}
	return strings.Join(parts, "/")
}

func (s *yoloSet) record(image, split string) Record {
	r := Record{File: image, ImagePath: image, Split: split}
	name := labelPath(image)
	data, err := readSmall(s.root, name, maxXMLBytes)
	if errors.Is(err, os.ErrNotExist) {
		return r
	}
	if err != nil {
		s.problem(Problem{File: name, Record: image, Reason: "the image is not annotated: " + err.Error()})
		return r
	}
	r.File, r.Line, r.HasAnnotation = name, 1, true
	r.Boxes = s.labels(data, func(n int, reason string) {
		s.problem(Problem{File: name, Line: n, Record: image, Reason: reason})
	})
	return r
}

// labels reads the lines of one text file.
func (s *yoloSet) labels(data []byte, report func(line int, reason string)) []Box {
	var boxes []Box
	eachLine(bytes.NewReader(data), func(n int, line []byte) error {
		if len(bytes.TrimSpace(line)) == 0 && line != nil {
			return nil
		}
		if len(boxes) >= maxRegions {
			report(n, "the rest was skipped: the image has too many boxes")
			return errors.New("enough")
		}
		b, note, err := s.label(string(line))
		if err != nil {
			note = err.Error()
		}
		if note != "" {
			report(n, note)
		}
		if err == nil {
			boxes = append(boxes, b)
		}
		return nil
	})
	return boxes
}

func (s *yoloSet) label(line string) (Box, string, error) {
	fields := strings.Fields(line)
	if len(fields) < 5 {
		return Box{}, "", errors.New("the line was skipped: it is not \"class x y width height\"")
	}
	class, err := strconv.ParseFloat(fields[0], 64)
	name, known := s.names[int(class)]
	if err != nil || !known || class != float64(int(class)) {
		return Box{}, "", fmt.Errorf("the line was skipped: %s names no class %.40q", s.file, fields[0])
	}
	v := make([]float64, len(fields)-1)
	for i, f := range fields[1:] {
		if v[i], err = strconv.ParseFloat(f, 64); err != nil {
			return Box{}, "", fmt.Errorf("the line was skipped: %.40q is no number", f)
		}
	}
	if len(v) <= 5 { // a box, with or without a score
		return newBox(v[0]-v[2]/2, v[1]-v[3]/2, v[0]+v[2]/2, v[1]+v[3]/2, 1, 1, name)
	}
	if len(v)%2 != 0 {
		return Box{}, "", errors.New("the line was skipped: a polygon's point lacks a coordinate")
	}
	x0, y0, x1, y1 := v[0], v[1], v[0], v[1]
	for i := 2; i < len(v); i += 2 {
		x0, x1, y0, y1 = min(x0, v[i]), max(x1, v[i]), min(y0, v[i+1]), max(y1, v[i+1])
	}
	return newBox(x0, y0, x1, y1, 1, 1, name)
}
