package samples

import (
	"errors"
	"testing"
)

func TestCheck(t *testing.T) {
	for name, c := range map[string]struct {
		x       [][]float32
		labels  [][]int
		classes int
		right   bool
	}{
		"one class each, none and two": {[][]float32{{1, 2}, {3, 4}, {5, 6}}, [][]int{{1}, nil, {0, 1}}, 2, true},
		"nothing":                      {nil, nil, 2, false},
		"no class":                     {[][]float32{{1}}, [][]int{nil}, 0, false},
		"rows of two lengths":          {[][]float32{{1}, {1, 2}}, [][]int{{0}, {1}}, 2, false},
		"a label too few":              {[][]float32{{1}, {2}}, [][]int{{0}}, 2, false},
		"a class too high":             {[][]float32{{1}}, [][]int{{2}}, 2, false},
		"a class below zero":           {[][]float32{{1}}, [][]int{{-1}}, 2, false},
	} {
		if err := Check(c.x, c.labels, c.classes); errors.Is(err, ErrShape) == c.right || (err == nil) != c.right {
			t.Errorf("%s: %v", name, err)
		}
	}
}
