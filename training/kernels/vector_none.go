//go:build !cgo || !(amd64 || arm64)

package kernels

// Without cgo, and on other processors, there are no vector kernels: active stays nil and plain Go does everything.

type vector struct {
	name       string
	vw, mr, nr int
}

func vectorKernels() []*vector { return nil }

const noVectors = "kernels: no vector kernels in this build"

func (v *vector) peak(rounds int) float64 { panic(noVectors) }

func (v *vector) gemm(g gemmShape, a []float32, aoff []int32, w, bias, res, y []float32, yoff []int32) {
	panic(noVectors)
}

func (v *vector) pack(cg, taps, k0, k1, k int, w, scale, out []float32) { panic(noVectors) }

func (v *vector) stats(rows, c int, y []float32, yoff []int32, part []float32) { panic(noVectors) }

func (v *vector) statsRows(rows, c int, x, part []float32) { panic(noVectors) }

func (v *vector) winoWeights(m, c, k, kb0, kb1 int, flip bool, w, scale, u []float32) {
	panic(noVectors)
}

func (v *vector) winoForward(s *winoShape, x, zeros, u, bias, res, vbuf, mbuf, y, part []float32, off []int32) {
	panic(noVectors)
}

func (v *vector) winoGradIn(s *winoShape, at, chunk int, x, dy, zeros, vbuf, d []float32) {
	panic(noVectors)
}

func (v *vector) winoGradMul(tiles, chunk, c, k, pos, cb int, first bool, vbuf, d, du []float32) {
	panic(noVectors)
}

func (v *vector) winoGradOut(m, c, k, c0, c1 int, du, dw []float32) { panic(noVectors) }

func (v *vector) outer(imgs, rows, px, aImg, aRow, aPx, bImg, bRow, m, panels, bPanel int, first bool, a, b, out []float32, ldo int) {
	panic(noVectors)
}

func (v *vector) panel(px, c, aPx, bPanel int, a, b []float32) { panic(noVectors) }

func (v *vector) normApply(rows, c int, x, res, scale, shift []float32, act Activation, y []float32) {
	panic(noVectors)
}

func (v *vector) normReduce(rows, c int, x, y, dy, coef, mean []float32, act Activation, first bool, part []float32) {
	panic(noVectors)
}

func (v *vector) normBack(rows, c int, x, y, dy, coef []float32, act Activation, dx, dres []float32) {
	panic(noVectors)
}

func (v *vector) poolRow(s *PoolShape, n, r int, x, scale, shift []float32, act Activation, y []float32, index []uint8) {
	panic(noVectors)
}

func (v *vector) poolGatherRow(s *PoolShape, n, h int, y []float32, index []uint8, dy []float32, act Activation, dx []float32) {
	panic(noVectors)
}

func (v *vector) addAct(a, b []float32, act Activation, y []float32) { panic(noVectors) }

func (v *vector) actBack(z, dy []float32, act Activation, dx []float32) { panic(noVectors) }

func (v *vector) sgd(w, g, m []float32, rate, momentum, decay, scale float32, nesterov bool) {
	panic(noVectors)
}

func (v *vector) adam(w, g, m, second, f []float32, decay, shrink float32) { panic(noVectors) }

func (v *vector) dwForward(s *ConvShape, r0, r1 int, x, w, bias, res []float32, act Activation, y []float32) {
	panic(noVectors)
}

func (v *vector) dwInput(s *ConvShape, oh, h0, h1 int, dy, w, dx []float32) { panic(noVectors) }

func (v *vector) dwWeights(s *ConvShape, r0, r1 int, x, dy, dw []float32) { panic(noVectors) }

func (v *vector) outerPlain(px, c, k int, first bool, x, dy, sums []float32, ldo int) {
	panic(noVectors)
}
