package pictures

import "math/bits"

// nearGroups groups the indices of near-duplicates, each group in order, groups by their first; nil has none. Of two hashes that differ in at
// most nearFrequencies bits, one of nearFrequencies+1 parts is the same in both, so only those that share a part are compared (Norouzi, Punjani
// and Fleet, "Fast Search in Hamming Space with Multi-Index Hashing", 2012).
func nearGroups(all []*fingerprint) [][]int {
	const parts = nearFrequencies + 1
	parent := make([]int, len(all))
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for part := range parts {
		low, high := 64*part/parts, 64*(part+1)/parts
		mask := uint64(1)<<(high-low) - 1
		buckets := map[uint64][]int{}
		for i, l := range all {
			if l == nil {
				continue
			}
			key := l.frequencies >> low & mask
			for _, k := range buckets[key] {
				if near(*l, *all[k]) {
					if a, b := root(i), root(k); a != b {
						parent[max(a, b)] = min(a, b)
					}
				}
			}
			buckets[key] = append(buckets[key], i)
		}
	}
	members := map[int][]int{}
	for i, l := range all {
		if l != nil {
			r := root(i)
			members[r] = append(members[r], i)
		}
	}
	var groups [][]int
	for i := range all {
		if len(members[i]) > 1 {
			groups = append(groups, members[i])
		}
	}
	return groups
}

func near(a, b fingerprint) bool {
	return bits.OnesCount64(a.frequencies^b.frequencies) <= nearFrequencies && bits.OnesCount64(a.gradients^b.gradients) <= nearGradients
}
