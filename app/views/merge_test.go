package views

import (
	"reflect"
	"testing"

	"viewfinder/storage/domain"
)

func TestEditOn(t *testing.T) {
	box := func(id int64, x float64, concept int64) domain.Region {
		return domain.Region{ID: id, Box: &domain.Box{XMin: x, YMin: 0.25, XMax: x + 0.125, YMax: 0.5}, Concepts: []int64{concept}}
	}
	list := func(r ...domain.Region) []domain.Region { return r }
	idOf := func(id int64) int64 { // -1 was saved as 5, -2 is not saved yet
		switch {
		case id == -1:
			return 5
		case id < 0:
			return 0
		}
		return id
	}
	for name, c := range map[string]struct{ there, before, after, want []domain.Region }{
		"nothing there":             {nil, nil, list(box(-2, 0, 1)), list(box(-2, 0, 1))},
		"one more":                  {list(box(5, 0, 1)), list(box(5, 0, 1)), list(box(5, 0, 1), box(-2, 0.5, 1)), list(box(5, 0, 1), box(-2, 0.5, 1))},
		"one more, saved since":     {list(box(5, 0, 1)), list(box(-1, 0, 1)), list(box(-1, 0, 1), box(-2, 0.5, 1)), list(box(5, 0, 1), box(-2, 0.5, 1))},
		"one more, the first gone":  {nil, list(box(5, 0, 1)), list(box(5, 0, 1), box(-2, 0.5, 1)), list(box(-2, 0.5, 1))},
		"one more, another is back": {list(box(7, 0, 1)), nil, list(box(-2, 0.5, 1)), list(box(7, 0, 1), box(-2, 0.5, 1))},
		"moved":                     {list(box(5, 0, 1)), list(box(5, 0, 1)), list(box(5, 0.5, 1)), list(box(5, 0.5, 1))},
		"moved, it is gone":         {nil, list(box(5, 0, 1)), list(box(5, 0.5, 1)), nil},
		"moved from elsewhere":      {list(box(5, 0.25, 1)), list(box(5, 0, 1)), list(box(5, 0.125, 1)), list(box(5, 0.375, 1))},
		"deleted":                   {list(box(5, 0, 1), box(6, 0.5, 1)), list(box(-1, 0, 1), box(6, 0.5, 1)), list(box(6, 0.5, 1)), list(box(6, 0.5, 1))},
		"another concept":           {list(box(5, 0.25, 1)), list(box(5, 0, 1)), list(box(5, 0, 2)), list(box(5, 0.25, 2))},
		"moved, the concept undone": {list(box(5, 0, 3)), list(box(5, 0, 1)), list(box(5, 0.5, 1)), list(box(5, 0.5, 3))},
	} {
		if got := (edit{c.before, c.after}).on(c.there, idOf); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, not %+v", name, got, c.want)
		}
	}
}
