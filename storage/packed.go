package storage

import (
	"cmp"
	"slices"
)

// A list of ids comes out of the database as one text, "7 8 9", and so do the numbers that it is sorted by: database/sql hands rows over one by
// one, which at 100,000 images takes longer than reading them does.

// unpack reads whole numbers that stand one space apart.
func unpack(packed []byte) []int64 {
	list := make([]int64, 0, len(packed)/6)
	for len(packed) > 0 {
		n, i, minus := int64(0), 0, packed[0] == '-'
		if minus {
			i++
		}
		for ; i < len(packed) && packed[i] != ' '; i++ {
			n = n*10 + int64(packed[i]-'0')
		}
		if minus {
			n = -n
		}
		list = append(list, n)
		packed = packed[min(i+1, len(packed)):]
	}
	return list
}

// sortIDs sorts ids by their keys; equal ones stay in the order they come in. What has no confidence comes last in both directions.
func sortIDs(ids, keys []int64, by Sort, descending bool) []int64 {
	type entry struct {
		key   int64
		place int32
	}
	list := make([]entry, len(ids))
	sorted := true
	for i, key := range keys[:len(ids)] {
		if descending && (by != SortConfidence && by != SortUseful || key < noConfidence) {
			key = -key
		}
		list[i] = entry{key, int32(i)}
		sorted = sorted && (i == 0 || list[i-1].key <= key)
	}
	if sorted {
		return ids
	}
	slices.SortFunc(list, func(a, b entry) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		return cmp.Compare(a.place, b.place)
	})
	out := make([]int64, len(ids))
	for i, e := range list {
		out[i] = ids[e.place]
	}
	return out
}
