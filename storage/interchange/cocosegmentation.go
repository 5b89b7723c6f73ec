package interchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// cocoSegmentation is the corners of what a segmentation marks; its shape is
// not kept, so that a file of any size fits.
type cocoSegmentation struct {
	has     bool
	corners [4]float64
	err     error
}

// box is the box around it.
func (s cocoSegmentation) box() ([4]float64, error) { return s.corners, s.err }

// UnmarshalJSON takes polygons (lists of x, y, …), one polygon, or run
// lengths: {"size": [height, width], "counts": numbers or COCO's text}.
func (s *cocoSegmentation) UnmarshalJSON(b []byte) error {
	*s = cocoSegmentation{}
	text := strings.TrimSpace(string(b))
	switch {
	case text == "" || text == "null" || text == "[]":
		return nil
	case text[0] == '{':
		s.has = true
		var runs struct {
			Size   []jsonNumber    `json:"size"`
			Counts json.RawMessage `json:"counts"`
		}
		if json.Unmarshal(b, &runs) != nil || len(runs.Size) != 2 {
			s.err = errors.New("its segmentation has no size")
			return nil
		}
		s.corners, s.err = runBox(wholePixels(runs.Size[0].Value), wholePixels(runs.Size[1].Value), runs.Counts)
	case text[0] == '[':
		if s.plainPolygons(b) {
			return nil
		}
		var polygons [][]jsonNumber
		if json.Unmarshal(b, &polygons) != nil {
			var one []jsonNumber
			if json.Unmarshal(b, &one) != nil {
				s.has, s.err = true, errors.New("its segmentation is not a list of polygons")
				return nil
			}
			polygons = [][]jsonNumber{one}
		}
		first := true
		for _, p := range polygons {
			for i := 0; i+1 < len(p); i += 2 {
				s.has = true
				if !p[i].Valid || !p[i+1].Valid {
					s.err = errors.New("its segmentation has a value that is not a number")
					continue
				}
				x, y := p[i].Value, p[i+1].Value
				if first {
					s.corners, first = [4]float64{x, y, x, y}, false
				}
				s.corners = [4]float64{min(s.corners[0], x), min(s.corners[1], y), max(s.corners[2], x), max(s.corners[3], y)}
			}
		}
	default:
		s.has, s.err = true, errors.New("its segmentation is neither polygons nor run lengths")
	}
	return nil
}

// plainPolygons takes lists of plain numbers without a tree of them; false where it
// is anything else.
func (s *cocoSegmentation) plainPolygons(b []byte) bool {
	b = bytes.TrimSpace(b)
	if len(b) < 4 {
		return false
	}
	var seen cocoSegmentation
	var points []float64
	for rest := bytes.TrimSpace(b[1 : len(b)-1]); ; {
		end := bytes.IndexByte(rest, ']')
		if end < 0 {
			return false
		}
		var ok bool
		if points, ok = plainNumbers(rest[:end+1], points[:0]); !ok {
			return false
		}
		for i := 0; i+1 < len(points); i += 2 {
			x, y := points[i], points[i+1]
			if !seen.has {
				seen.has, seen.corners = true, [4]float64{x, y, x, y}
			}
			c := &seen.corners
			*c = [4]float64{min(c[0], x), min(c[1], y), max(c[2], x), max(c[3], y)}
		}
		if rest = bytes.TrimSpace(rest[end+1:]); len(rest) == 0 {
			*s = seen
			return true
		}
		if rest[0] != ',' {
			return false
		}
		rest = bytes.TrimSpace(rest[1:])
	}
}

// runBox is the box around run lengths, which go down the columns: first how
// many pixels are outside, then how many inside, and so on.
func runBox(h, w int, counts json.RawMessage) (corners [4]float64, err error) {
	if h == 0 || w == 0 {
		return corners, errors.New("its segmentation's size is not one of pixels")
	}
	var runs []int
	var text string
	var list []jsonNumber
	switch {
	case json.Unmarshal(counts, &text) == nil:
		if runs, err = packedRuns(text); err != nil {
			return corners, err
		}
	case json.Unmarshal(counts, &list) == nil:
		for _, v := range list {
			if !v.Valid || v.Value < 0 || v.Value > float64(h)*float64(w) {
				return corners, errors.New("its run lengths have a value that is not a number of pixels")
			}
			runs = append(runs, int(v.Value))
		}
	default:
		return corners, errors.New("its run lengths are neither numbers nor text")
	}
	x0, y0, x1, y1 := w, h, -1, -1
	at := 0
	for i, n := range runs {
		end := at + n
		if n < 0 || end > h*w {
			return corners, errors.New("its run lengths exceed its size")
		}
		if i%2 == 1 && n > 0 {
			first, last := at/h, (end-1)/h
			x0, x1 = min(x0, first), max(x1, last)
			if first == last {
				y0, y1 = min(y0, at%h), max(y1, (end-1)%h)
			} else { // down to one column's end and on at the next one's beginning
				y0, y1 = 0, h-1
			}
		}
		at = end
	}
	if x1 < 0 {
		return corners, errors.New("its segmentation marks nothing")
	}
	return [4]float64{float64(x0), float64(y0), float64(x1 + 1), float64(y1 + 1)}, nil
}

// packedRuns reads COCO's text for run lengths: numbers of 5 bits a letter
// from '0' on, the sixth bit saying that more follow; from the third number
// on they are differences to the one two before (rleFrString of maskApi.c).
func packedRuns(s string) ([]int, error) {
	var runs []int
	for i := 0; i < len(s); {
		x, k := 0, 0
		for {
			if i >= len(s) || k > 12 {
				return nil, errors.New("its run lengths end too early")
			}
			c := int(s[i]) - 48
			if c < 0 || c > 63 {
				return nil, errors.New("its run lengths have a letter that they cannot have")
			}
			x |= (c & 0x1f) << (5 * k)
			i++
			k++
			if c&0x20 == 0 {
				if c&0x10 != 0 {
					x |= -1 << (5 * k)
				}
				break
			}
		}
		if len(runs) > 2 {
			x += runs[len(runs)-2]
		}
		runs = append(runs, x)
	}
	return runs, nil
}
