package nn

import (
	"slices"
	"testing"
)

// A predictor's outputs for few images must be those for the same images among many, with the present weights.
func TestPredictorFewImages(t *testing.T) {
	for name, spec := range specs {
		t.Run(name, func(t *testing.T) {
			skipLarge(t, spec)
			const batch = 6
			n, trainer, targets := testRun(t, spec, TrainerOptions{Batch: batch, Momentum: 0.9})
			p, err := n.Predictor(batch, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			copy(p.Input(), trainer.Input())
			for range 2 {
				if err := p.Forward(batch); err != nil {
					t.Fatal(err)
				}
				all := slices.Clone(p.out)
				features := slices.Clone(p.Features().Data)
				for _, count := range []int{1, 2, 3, 1, 5} {
					clear(p.out)
					if err := p.Forward(count); err != nil {
						t.Fatal(err)
					}
					size := len(p.out) / batch
					if e := relative(p.out[:count*size], all[:count*size]); e > 1e-5 {
						t.Errorf("%d images: relative difference %v", count, e)
					}
					for i := range count {
						of := p.Features().Of(i)
						if e := relative(of, features[i*len(of):(i+1)*len(of)]); e > 1e-4 {
							t.Errorf("%d images: features of %d: relative difference %v", count, i, e)
						}
					}
				}
				if _, err := trainer.Step(targets, 0.01); err != nil {
					t.Fatal(err)
				}
				if err := p.Sync(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
