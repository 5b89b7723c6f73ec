package data

import "math/rand/v2"

// mix is SplitMix64's finaliser (Steele, Lea, Flood, 2014): neighbouring inputs give unrelated outputs.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// stream returns the generator that belongs to the seed and the numbers, and to nothing else.
func stream(seed uint64, numbers ...uint64) *rand.Rand {
	a, b := mix(seed), mix(^seed)
	for _, n := range numbers {
		a, b = mix(a^n), mix(b+n)
	}
	return rand.New(rand.NewPCG(a, b))
}

// Purposes keep the generators of one seed apart.
const (
	forOrder uint64 = 1 + iota
	forGroups
	forAugmentation
	forViews
)
