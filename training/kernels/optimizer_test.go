package kernels

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestOptimizers compares three steps with the formulas of PyTorch's documentation in float64.
func TestOptimizers(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		p := NewPool(2)
		defer p.Close()
		for _, name := range []string{"sgd", "momentum", "nesterov", "adam", "adamw"} {
			r := rand.New(rand.NewPCG(13, 14))
			const n = 1003
			w, g := random(r, n), random(r, n)
			set := NewParamSet([]Param{{W: w, G: g, M: make([]float32, n), V: make([]float32, n), Decay: 0.01}})
			want, m, v := wide(w), make([]float64, n), make([]float64, n)
			for step := 1; step <= 3; step++ {
				for i := range want {
					gi := 0.5*float64(g[i]) + 0.01*want[i]
					switch name {
					case "sgd":
						want[i] -= 0.1 * gi
					case "momentum", "nesterov":
						m[i] = 0.9*m[i] + gi
						d := m[i]
						if name == "nesterov" {
							d = gi + 0.9*m[i]
						}
						want[i] -= 0.1 * d
					default:
						if name == "adamw" {
							want[i] *= 1 - 0.1*0.01
							gi = 0.5 * float64(g[i])
						}
						m[i] = 0.9*m[i] + 0.1*gi
						v[i] = 0.999*v[i] + 0.001*gi*gi
						c1, c2 := 1-math.Pow(0.9, float64(step)), 1-math.Pow(0.999, float64(step))
						want[i] -= 0.1 * (m[i] / c1) / (math.Sqrt(v[i]/c2) + 1e-8)
					}
				}
				switch name {
				case "sgd":
					set.SGD(p, 0.1, 0, false, 0.5)
				case "momentum", "nesterov":
					set.SGD(p, 0.1, 0.9, name == "nesterov", 0.5)
				default:
					f := AdamFactors(0.1, 0.9, 0.999, 1e-8, step)
					set.Adam(p, f[:], name == "adamw", 0.5)
				}
			}
			near(t, name, w, want, 1e-5)
		}
	})
}

func TestLinearAndUpsampling(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	r := rand.New(rand.NewPCG(15, 16))
	const n, in, out = 4, 37, 11
	x, w, bias, dy := random(r, n*in), random(r, out*in), random(r, out), random(r, n*out)
	y, dx, dw, db := make([]float32, n*out), make([]float32, n*in), make([]float32, out*in), make([]float32, out)
	LinearForward(p, n, in, out, x, w, bias, y)
	LinearBackward(p, n, in, out, x, w, dy, dx, dw, db)
	// The same as a 1x1 convolution of n images of one pixel.
	s := ConvShape{N: n, H: 1, W: 1, C: in, K: out, KH: 1, KW: 1}.normal()
	want := conv64(s, x, w)
	for i := range want {
		want[i] += float64(bias[i%out])
	}
	near(t, "linear", y, want, 1e-6)
	near(t, "linear dx", dx, convInput64(s, dy, w), 1e-6)
	near(t, "linear dw", dw, convWeights64(s, x, dy), 1e-6)

	small, big, back := []float32{1, 2, 3, 4}, make([]float32, 16), make([]float32, 4)
	UpsampleNearest2x(p, 1, 2, 2, 1, small, nil, big)
	UpsampleNearest2xBackward(p, 1, 2, 2, 1, big, back)
	for i, v := range small {
		if back[i] != 4*v || big[(i/2*2)*4+i%2*2] != v {
			t.Fatalf("upsampling: %v, back %v", big, back)
		}
	}
}
