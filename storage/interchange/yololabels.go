package interchange

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
)

// labelPath returns where an image's text file stands.
func labelPath(image string) string {
	stem := strings.TrimSuffix(image, path.Ext(image)) + ".txt"
	parts := strings.Split(stem, "/")
	for i := len(parts) - 2; i >= 0; i-- {
		if fold(parts[i]) == "images" {
			parts[i] = "labels"
			break
		}
	}
	return strings.Join(parts, "/")
}

// labelFile finds an image's text file: where it belongs in any case of
// letters, else beside the image, else by its name.
func (s *yoloSet) labelFile(image string) (string, bool) {
	beside := strings.TrimSuffix(image, path.Ext(image)) + ".txt"
	for _, name := range []string{labelPath(image), beside} {
		if found, ok := s.folder.find(name); ok {
			return found, true
		}
	}
	if s.labels == nil {
		var files []string
		for _, name := range s.folder.files(".txt") {
			if !slices.Contains(yoloLists, strings.ToLower(path.Base(name))) {
				files = append(files, name)
			}
		}
		s.labels, _ = s.folder.pair(files)
	}
	name, ok := s.labels[image]
	return name, ok
}

func (s *yoloSet) record(image, split string) Record {
	r := Record{File: image, ImagePath: image, Split: split}
	name, ok := s.labelFile(image)
	if !ok {
		return r
	}
	data, err := s.folder.read(name, maxXMLBytes)
	if errors.Is(err, os.ErrNotExist) {
		return r
	}
	r.File, r.Line = name, 1
	if err != nil {
		r.refuse(s.problem, 0, image, "the image is not annotated: "+err.Error())
		return r
	}
	r.HasAnnotation = true
	s.addLabels(&r, data, image)
	return r
}

// addLabels reads the lines of one text file.
func (s *yoloSet) addLabels(r *Record, data []byte, image string) {
	eachLine(bytes.NewReader(data), func(n int, line []byte) error {
		if len(bytes.TrimSpace(line)) == 0 && line != nil {
			return nil
		}
		if len(r.Boxes) >= maxRegions {
			r.refuse(s.problem, n, image, "the rest was skipped: the image has too many boxes")
			return errors.New("enough")
		}
		if class, b, ok := orientedBox(strings.Fields(string(line))); ok {
			r.addPixels(b[0], b[1], b[2], b[3], class, s.problem, n, image)
			return nil
		}
		class, b, err := s.label(string(line))
		if err != nil {
			r.refuse(s.problem, n, image, err.Error())
			return nil
		}
		r.addFractions(b[0], b[1], b[2], b[3], class, s.problem, n, image)
		return nil
	})
}

// label reads a line: the class's name and two corners.
func (s *yoloSet) label(line string) (name string, corners [4]float64, err error) {
	fields := strings.Fields(line)
	if len(fields) < 5 { // divided by commas, which are no decimal commas then
		fields = strings.Fields(strings.ReplaceAll(line, ",", " "))
	}
	if len(fields) < 5 {
		return "", corners, errors.New("the line was skipped: it is not \"class x y width height\"")
	}
	class, err := strconv.ParseFloat(fields[0], 64)
	name, known := s.names[int(class)]
	if err != nil || !known || class != float64(int(class)) {
		return "", corners, fmt.Errorf("the line was skipped: %s names no class %.40q", s.file, fields[0])
	}
	v := make([]float64, len(fields)-1)
	for i, f := range fields[1:] {
		if v[i], err = parseNumber(f); err != nil {
			return "", corners, fmt.Errorf("the line was skipped: %w", err)
		}
	}
	isBox, err := s.isBox(v, fields[1:])
	if err != nil {
		return "", corners, err
	}
	if isBox {
		if v[2] < 0 || v[3] < 0 {
			return "", corners, errors.New("the line was skipped: its width or height is negative")
		}
		if max(v[0], v[1], v[2], v[3]) > 2 {
			return "", corners, fmt.Errorf("the line was skipped: its values (%g %g %g %g) are not fractions of the image, and so lie outside it", v[0], v[1], v[2], v[3])
		}
		return name, [4]float64{v[0] - v[2]/2, v[1] - v[3]/2, v[0] + v[2]/2, v[1] + v[3]/2}, nil
	}
	if slices.Max(v) > 2 {
		return "", corners, errors.New("the line was skipped: its points are not fractions of the image, and so lie outside it")
	}
	corners = [4]float64{v[0], v[1], v[0], v[1]}
	for i := 2; i < len(v); i += 2 {
		corners[0], corners[2] = min(corners[0], v[i]), max(corners[2], v[i])
		corners[1], corners[3] = min(corners[1], v[i+1]), max(corners[3], v[i+1])
	}
	return name, corners, nil
}

// orientedBox reads a line of DOTA, which Roboflow's "YOLO with oriented boxes" writes,
// too: the four corners in pixels, the class's name and, after it, the difficulty. The box
// around the corners is taken.
func orientedBox(fields []string) (name string, corners [4]float64, ok bool) {
	if len(fields) != 10 && len(fields) != 9 {
		return "", corners, false
	}
	if _, err := parseNumber(fields[8]); err == nil {
		return "", corners, false
	}
	var points []float64
	for _, f := range fields[:8] {
		v, err := parseNumber(f)
		if err != nil {
			return "", corners, false
		}
		points = append(points, v)
	}
	corners, err := around(points)
	return fields[8], corners, err == nil
}

// isBox distinguishes a box, with what may follow it (a score, a track id, key
// points), from a polygon's points. Where data.yaml gives the key points
// (kpt_shape), they are certain; else they are known by their visibility,
// which is 0, 1 or 2, and a track id by being a whole number above 1, or by a
// box that lies within the image.
func (s *yoloSet) isBox(v []float64, text []string) (bool, error) {
	n := len(v)
	switch {
	case n <= 5: // with or without a score
		return true, nil
	case s.keys > 0:
		if n < 4+s.keys || n > 6+s.keys {
			return false, fmt.Errorf("the line was skipped: it has %d numbers instead of the box's 4 and the key points' %d (kpt_shape in %s)", n, s.keys, s.file)
		}
		return true, nil
	case n == 6 && isDigits([]byte(text[5])):
		inside := v[0]-v[2]/2 > -1e-3 && v[1]-v[3]/2 > -1e-3 && v[0]+v[2]/2 < 1+1e-3 && v[1]+v[3]/2 < 1+1e-3
		return v[5] > 1 || inside && len(text[4]) > 1, nil
	case n%3 == 1 && visible(text[4:]) && (n%2 != 0 || slices.Contains(v, 2)):
		return true, nil
	case n%2 != 0:
		return false, errors.New("the line was skipped: a polygon's point lacks a coordinate")
	}
	return false, nil
}

// visible reports whether each third value is a key point's visibility.
func visible(text []string) bool {
	for i := 2; i < len(text); i += 3 {
		switch strings.TrimSuffix(strings.TrimRight(text[i], "0"), ".") {
		case "", "1", "2":
		default:
			return false
		}
	}
	return true
}
