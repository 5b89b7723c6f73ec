package data

// Order determines which sample stands at each position of the endless sequence from which batches are cut. It is a function of seed and position alone,
// so that a resumed training continues with exactly the batch that comes next.
type Order struct {
	seed   uint64
	groups [][]int // samples by group; one group = every sample once an epoch

	cache map[[2]uint64][]int // permutations in use, by group and epoch
}

// NewOrder shuffles the samples anew for each epoch: none is seen twice before every other was seen once. A batch may
// lie across two epochs.
func NewOrder(seed uint64, samples []int) *Order {
	return &Order{seed: seed, groups: [][]int{samples}, cache: map[[2]uint64][]int{}}
}

// NewBalancedOrder takes the groups in turn (their order shuffled each round), and within each its samples as NewOrder does: each group is
// seen equally often, however few samples it has. A sample may stand in several groups. Empty groups are left out.
func NewBalancedOrder(seed uint64, groups [][]int) *Order {
	o := &Order{seed: seed, cache: map[[2]uint64][]int{}}
	for _, g := range groups {
		if len(g) > 0 {
			o.groups = append(o.groups, g)
		}
	}
	return o
}

// At returns the sample at position p ≥ 0. It is not for use by several goroutines at once.
func (o *Order) At(p uint64) int {
	group, round := uint64(0), p
	if n := uint64(len(o.groups)); n > 1 {
		round = p / n
		group = uint64(o.permutation(forGroups, 0, round, int(n))[p%n])
	}
	samples := o.groups[group]
	n := uint64(len(samples))
	return samples[o.permutation(forOrder, group, round/n, int(n))[round%n]]
}

// permutation returns the shuffled numbers below n that belong to purpose, group and epoch. Only the latest epoch of each group is kept.
func (o *Order) permutation(purpose, group, epoch uint64, n int) []int {
	key := [2]uint64{purpose<<32 | group, epoch}
	if p, ok := o.cache[key]; ok {
		return p
	}
	p := stream(o.seed, purpose, group, epoch).Perm(n)
	for k := range o.cache {
		if k[0] == key[0] {
			delete(o.cache, k)
		}
	}
	o.cache[key] = p
	return p
}

// Groups sorts samples by the concepts they carry, for a balanced order; samples without any form a group of their own.
func Groups(items []Item, samples []int, classes int) [][]int {
	groups := make([][]int, classes+1)
	for _, i := range samples {
		seen := map[int]bool{}
		for _, c := range items[i].Labels {
			seen[c] = true
		}
		for _, b := range items[i].Boxes {
			seen[b.Class] = true
		}
		if len(seen) == 0 {
			groups[classes] = append(groups[classes], i)
		}
		for c := range classes {
			if seen[c] {
				groups[c] = append(groups[c], i)
			}
		}
	}
	return groups
}
