package storage

import (
	"slices"
	"testing"
)

func TestUnpack(t *testing.T) {
	for text, want := range map[string][]int64{"": {}, "7": {7}, "7 -8 9": {7, -8, 9}, "9223372036854775807": {9223372036854775807}} {
		if got := unpack([]byte(text)); !slices.Equal(got, want) {
			t.Errorf("%q gave %v, not %v", text, got, want)
		}
	}
}

func TestSortIDs(t *testing.T) {
	ids, keys := []int64{1, 2, 3, 4}, []int64{5, noConfidence, 3, 5}
	for _, c := range []struct {
		by         Sort
		descending bool
		want       []int64
	}{
		{SortSize, false, []int64{3, 1, 4, 2}},
		{SortSize, true, []int64{2, 1, 4, 3}},
		{SortConfidence, false, []int64{3, 1, 4, 2}},
		{SortConfidence, true, []int64{1, 4, 3, 2}},
	} {
		if got := sortIDs(slices.Clone(ids), slices.Clone(keys), c.by, c.descending); !slices.Equal(got, c.want) {
			t.Errorf("%s, descending %v: %v, not %v", c.by, c.descending, got, c.want)
		}
	}
}
