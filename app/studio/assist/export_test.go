package assist

import (
	"context"
	"math/rand/v2"

	"viewfinder/training"
	"viewfinder/training/features"
	"viewfinder/training/float16"
)

// FakeBackbone has the assistant take features from a function, which is asked for each sample; nil for one that cannot be read. fault, where it is not nil, is
// why features cannot be kept.
func (a *Assistant) FakeBackbone(of func(training.Sample) []float32, fault error) {
	a.open = func(func()) (backbone, error) { return fake{of, fault}, nil }
}

const fakeSize = 24

type fake struct {
	of    func(training.Sample) []float32
	fault error
}

func (f fake) Size() int     { return fakeSize }
func (f fake) Groups() []int { return []int{fakeSize} }
func (f fake) Close()        {}

func (f fake) Cache(dir string) (*features.Cache, error) {
	if f.fault != nil {
		return nil, f.fault
	}
	return features.Open(dir, "fake", fakeSize, 1<<20)
}

func (f fake) Features(ctx context.Context, _ string, samples []training.Sample, use func(i int, half []uint16)) error {
	for i, s := range samples {
		if err := ctx.Err(); err != nil {
			return err
		}
		x := f.of(s)
		if x == nil {
			continue
		}
		half := make([]uint16, fakeSize)
		for j := range half {
			half[j] = float16.Of(x[j%len(x)])
		}
		use(i, half)
	}
	return nil
}

// RandomRows are rows of n datapoints, for a benchmark: ids 1 to n.
func RandomRows(n int) (ids []int64, similar func(ids []int64, to int64) []int64) {
	r := rand.New(rand.NewPCG(1, 2))
	all := rows{place: map[int64]int32{}, x: make([]float32, n*directions)}
	for i := range n {
		all.ids = append(all.ids, int64(i+1))
		all.place[int64(i+1)] = int32(i)
	}
	for i := range all.x {
		all.x[i] = float32(r.NormFloat64())
	}
	return all.ids, func(ids []int64, to int64) []int64 {
		order, _ := all.similar(ids, all.of(to))
		return order
	}
}
