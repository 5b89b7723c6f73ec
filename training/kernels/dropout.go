package kernels

// Dropout computes y = x / (1-rate) where an element is kept and 0 where it is dropped; rate in [0, 1). Which are
// dropped follows from seed and position alone, so Dropout on dy with the same seed is the gradient. Give every layer
// and iteration a seed of its own. y may be x.
func Dropout(p *Pool, rate float32, seed uint64, x, y []float32) {
	if !(len(x) == len(y) && rate >= 0 && rate < 1) {
		fail("dropout of %g: lengths %d, %d", rate, len(x), len(y))
	}
	j := &p.begin().dropout
	j.rate, j.seed, j.x, j.y = rate, seed, x, y
	p.run(dropoutTile{j}, ceilDiv(len(x), elementTile))
}

// dropoutJob is the job of Dropout.
type dropoutJob struct {
	rate float32
	seed uint64
	x, y []float32
}

type dropoutTile struct{ *dropoutJob }

func (j dropoutTile) tile(tile int, _ *workspace) {
	lo, hi := elementRange(tile, len(j.x))
	rate, seed := j.rate, j.seed
	scale := 1 / (1 - rate)
	limit := uint32(float64(rate) * (1 << 24))
	for i := lo; i < hi; i++ {
		if uint32(mix(seed+uint64(i)*0x9e3779b97f4a7c15)>>40) < limit {
			j.y[i] = 0
		} else {
			j.y[i] = j.x[i] * scale
		}
	}
}

// mix is the finalizer of SplitMix64 (Steele, Lea, Flood 2014).
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
