package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// norm64 is the batch norm with residual, activation and max pooling in float64, and its gradient by brute force: the
// formulas of Ioffe, Szegedy 2015.
type norm64 struct {
	mean, variance, z, y    []float64
	dx, dres, dgamma, dbeta []float64
	rows, c                 int
	act                     Activation
	eps                     float64
	x, res, gamma, beta     []float64
}

func wide(x []float32) []float64 {
	if x == nil {
		return nil
	}
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

func (n *norm64) forward() {
	n.mean, n.variance = make([]float64, n.c), make([]float64, n.c)
	n.z, n.y = make([]float64, len(n.x)), make([]float64, len(n.x))
	for i, v := range n.x {
		n.mean[i%n.c] += v / float64(n.rows)
	}
	for i, v := range n.x {
		n.variance[i%n.c] += (v - n.mean[i%n.c]) * (v - n.mean[i%n.c]) / float64(n.rows)
	}
	for i, v := range n.x {
		k := i % n.c
		z := (v-n.mean[k])/math.Sqrt(n.variance[k]+n.eps)*n.gamma[k] + n.beta[k]
		if n.res != nil {
			z += n.res[i]
		}
		n.z[i] = z
		if n.act != None {
			z = max(z, 0)
			if n.act == ReLU6 {
				z = min(z, 6)
			}
		}
		n.y[i] = z
	}
}

func (n *norm64) backward(dy []float64) {
	n.dx, n.dres = make([]float64, len(n.x)), make([]float64, len(n.x))
	n.dgamma, n.dbeta = make([]float64, n.c), make([]float64, n.c)
	for i, d := range dy {
		if n.act != None && (n.z[i] <= 0 || n.act == ReLU6 && n.z[i] >= 6) {
			d = 0
		}
		n.dres[i] = d
		k := i % n.c
		n.dbeta[k] += d
		n.dgamma[k] += d * (n.x[i] - n.mean[k]) / math.Sqrt(n.variance[k]+n.eps)
	}
	for i, d := range n.dres {
		k := i % n.c
		inv := 1 / math.Sqrt(n.variance[k]+n.eps)
		xhat := (n.x[i] - n.mean[k]) * inv
		n.dx[i] = n.gamma[k] * inv * (d - n.dbeta[k]/float64(n.rows) - xhat*n.dgamma[k]/float64(n.rows))
	}
}

func near(t *testing.T, what string, got []float32, want []float64, limit float64) {
	t.Helper()
	if e := distance(got, want); e > limit {
		t.Errorf("%s: error %.2g, want below %.2g", what, e, limit)
	}
}

func TestBatchNorm(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		p := NewPool(2)
		defer p.Close()
		r := rand.New(rand.NewPCG(3, 4))
		for _, c := range []struct {
			rows, c  int
			act      Activation
			residual bool
		}{{50, 8, None, false}, {2000, 32, ReLU, false}, {333, 13, ReLU6, false}, {700, 24, ReLU, true}, {64, 100, None, true}, {5, 3, ReLU6, true}} {
			t.Run(fmt.Sprint(c), func(t *testing.T) {
				s := BatchNormShape{Rows: c.rows, C: c.c, Eps: 1e-5, Act: c.act}
				x, dy := random(r, c.rows*c.c), random(r, c.rows*c.c)
				for i := range x {
					x[i] = 3*x[i] + 20 // a mean far from zero
				}
				gamma, beta := random(r, c.c), random(r, c.c)
				var res, yIn, dres []float32
				if c.residual {
					res, dres = random(r, len(x)), make([]float32, len(x))
				}
				mean, variance := make([]float32, c.c), make([]float32, c.c)
				scratch := make([]float32, s.Scratch())
				y, okY := guarded(t, len(x))
				dx, okX := guarded(t, len(x))
				dgamma, dbeta := make([]float32, c.c), make([]float32, c.c)
				BatchNormStats(p, s, x, mean, variance, scratch)
				BatchNormForward(p, s, x, res, gamma, beta, mean, variance, y, scratch)
				if c.residual {
					yIn = y
				}
				BatchNormBackward(p, s, x, yIn, dy, gamma, beta, mean, variance, dx, dres, dgamma, dbeta, scratch)
				okY()
				okX()
				want := norm64{rows: c.rows, c: c.c, act: c.act, eps: 1e-5, x: wide(x), res: wide(res), gamma: wide(gamma), beta: wide(beta)}
				want.forward()
				want.backward(wide(dy))
				near(t, "mean", mean, want.mean, 1e-6)
				near(t, "variance", variance, want.variance, 1e-6)
				near(t, "y", y, want.y, 3e-6)
				near(t, "dx", dx, want.dx, 1e-5)
				near(t, "dgamma", dgamma, want.dgamma, 1e-5)
				near(t, "dbeta", dbeta, want.dbeta, 1e-5)
				if c.residual {
					near(t, "dres", dres, want.dres, 1e-6)
				}
			})
		}
	})
}

func TestBatchNormWithMaxPool(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		p := NewPool(2)
		defer p.Close()
		r := rand.New(rand.NewPCG(5, 6))
		for _, pool := range []PoolShape{
			{N: 2, H: 8, W: 6, C: 16, KH: 2, KW: 2, StrideH: 2, StrideW: 2},
			{N: 2, H: 7, W: 9, C: 11, KH: 2, KW: 2, StrideH: 2, StrideW: 2},
			{N: 3, H: 9, W: 8, C: 24, KH: 3, KW: 3, StrideH: 2, StrideW: 2, PadH: 1, PadW: 1},
			{N: 1, H: 5, W: 5, C: 3, KH: 3, KW: 2, StrideH: 1, StrideW: 1, PadH: 1},
		} {
			t.Run(fmt.Sprint(pool), func(t *testing.T) {
				s := BatchNormShape{Rows: pool.N * pool.H * pool.W, C: pool.C, Eps: 1e-5, Act: ReLU}
				x, dy := random(r, pool.InputLen()), random(r, pool.OutputLen())
				gamma, beta := random(r, pool.C), random(r, pool.C) // gamma of both signs
				mean, variance := make([]float32, pool.C), make([]float32, pool.C)
				scratch := make([]float32, max(s.Scratch(), BatchNormMaxPoolScratch(pool)))
				y, okY := guarded(t, pool.OutputLen())
				dx, okX := guarded(t, pool.InputLen())
				index := make([]uint8, len(y))
				dgamma, dbeta := make([]float32, pool.C), make([]float32, pool.C)
				BatchNormStats(p, s, x, mean, variance, scratch)
				BatchNormMaxPoolForward(p, s, pool, x, gamma, beta, mean, variance, y, index, scratch)
				BatchNormMaxPoolBackward(p, s, pool, x, y, index, dy, gamma, beta, mean, variance, dx, dgamma, dbeta, scratch)
				okY()
				okX()

				// The same in two steps: batch norm with activation, then pooling.
				want := norm64{rows: s.Rows, c: s.C, act: ReLU, eps: 1e-5, x: wide(x), gamma: wide(gamma), beta: wide(beta)}
				want.forward()
				norm := make([]float32, len(x))
				for i, v := range want.y {
					norm[i] = float32(v)
				}
				yAlone, dNorm, indexAlone := make([]float32, len(y)), make([]float32, len(x)), make([]uint8, len(y))
				MaxPoolForward(p, pool, norm, yAlone, indexAlone)
				MaxPoolBackward(p, pool, dy, indexAlone, dNorm)
				want.backward(wide(dNorm))
				near(t, "y", y, wide(yAlone), 3e-6)
				near(t, "dx", dx, want.dx, 1e-5)
				near(t, "dgamma", dgamma, want.dgamma, 1e-5)
				near(t, "dbeta", dbeta, want.dbeta, 1e-5)
			})
		}
	})
}

func TestRunningStatistics(t *testing.T) {
	s := BatchNormShape{Rows: 4, C: 1}
	mean, variance := []float32{1}, []float32{2}
	BatchNormRunning(s, 0.1, []float32{3}, []float32{6}, mean, variance)
	if math.Abs(float64(mean[0]-1.2)) > 1e-6 || math.Abs(float64(variance[0]-(0.9*2+0.1*8))) > 1e-6 {
		t.Errorf("running mean %g, variance %g", mean[0], variance[0])
	}
}
