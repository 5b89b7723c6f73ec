package kernels

// LinearForward computes y [n][out] = x [n][in] * w [out][in] transposed + bias [out] (or nil), as PyTorch's Linear.
func LinearForward(p *Pool, n, in, out int, x, w, bias, y []float32) {
	if !(len(x) == n*in && len(w) == out*in && len(y) == n*out && (bias == nil || len(bias) == out)) {
		fail("linear %d x %d to %d: lengths x %d, w %d, bias %d, y %d", n, in, out, len(x), len(w), len(bias), len(y))
	}
	j := &p.begin().linear
	j.n, j.in, j.out = n, in, out
	j.x, j.w, j.bias, j.y = x, w, bias, y
	p.run(linearForwardTile{j}, n)
}

// linearJob is the job of both directions; backward, y and bias are their gradients.
type linearJob struct {
	n, in, out    int
	x, w, bias, y []float32
	dx, dw        []float32
}

type linearForwardTile struct{ *linearJob }

func (j linearForwardTile) tile(n int, _ *workspace) {
	in, out := j.in, j.out
	x := j.x[n*in:][:in]
	for k := range out {
		sum := dot(x, j.w[k*in:][:in])
		if j.bias != nil {
			sum += j.bias[k]
		}
		j.y[n*out+k] = sum
	}
}

// dot sums in eight strands and joins them in a fixed order.
func dot(a, b []float32) float32 {
	var s [8]float32
	b = b[:len(a)]
	i := 0
	for ; i+8 <= len(a); i += 8 {
		for l := range s {
			s[l] += a[i+l] * b[i+l]
		}
	}
	for ; i < len(a); i++ {
		s[0] += a[i] * b[i]
	}
	return ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7]))
}

// LinearBackward computes dx [n][in] (unless nil), dw [out][in] and dbias [out] (unless nil) from dy [n][out].
func LinearBackward(p *Pool, n, in, out int, x, w, dy, dx, dw, dbias []float32) {
	if !(len(x) == n*in && len(w) == out*in && len(dy) == n*out && (dx == nil || len(dx) == n*in) && len(dw) == len(w) && (dbias == nil || len(dbias) == out)) {
		fail("linear backward %d x %d to %d: lengths x %d, w %d, dy %d, dx %d, dw %d, dbias %d", n, in, out, len(x), len(w), len(dy), len(dx), len(dw), len(dbias))
	}
	j := &p.begin().linear
	defer p.finish()
	j.n, j.in, j.out = n, in, out
	j.x, j.w, j.bias, j.y = x, w, dbias, dy
	j.dx, j.dw = dx, dw
	p.phase(linearWeightsTile{j}, out)
	if dx != nil {
		p.phase(linearInputTile{j}, n)
	}
}

type linearWeightsTile struct{ *linearJob }

func (j linearWeightsTile) tile(k int, _ *workspace) {
	n, in, out := j.n, j.in, j.out
	dw := j.dw[k*in:][:in]
	clear(dw)
	bias := float32(0)
	for r := range n {
		d := j.y[r*out+k]
		bias += d
		for i, v := range j.x[r*in:][:in] {
			dw[i] += d * v
		}
	}
	if j.bias != nil {
		j.bias[k] = bias
	}
}

type linearInputTile struct{ *linearJob }

func (j linearInputTile) tile(n int, _ *workspace) {
	in, out := j.in, j.out
	dx := j.dx[n*in:][:in]
	clear(dx)
	for k, d := range j.y[n*out:][:out] {
		for i, v := range j.w[k*in:][:in] {
			dx[i] += d * v
		}
	}
}
