package kernels

// LinearForward computes y [n][out] = x [n][in] * w [out][in] transposed + bias [out] (or nil), as PyTorch's Linear.
func LinearForward(p *Pool, n, in, out int, x, w, bias, y []float32) {
	if !(len(x) == n*in && len(w) == out*in && len(y) == n*out && (bias == nil || len(bias) == out)) {
		fail("linear %d x %d to %d: lengths x %d, w %d, bias %d, y %d", n, in, out, len(x), len(w), len(bias), len(y))
	}
	j := p.begin()
	j.i[0], j.i[1], j.i[2] = n, in, out
	j.x, j.w, j.b, j.y = x, w, bias, y
	p.run(linearForwardTile, n)
}

func linearForwardTile(j *job, n, _ int) {
	in, out := j.i[1], j.i[2]
	x := j.x[n*in:][:in]
	for k := range out {
		sum := dot(x, j.w[k*in:][:in])
		if j.b != nil {
			sum += j.b[k]
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
	j := p.begin()
	defer p.finish()
	j.i[0], j.i[1], j.i[2] = n, in, out
	j.x, j.w, j.b, j.y = x, w, dbias, dy
	j.t[0], j.t[1] = dx, dw
	p.phase(linearWeightsTile, out)
	if dx != nil {
		p.phase(linearInputTile, n)
	}
}

func linearWeightsTile(j *job, k, _ int) {
	n, in, out := j.i[0], j.i[1], j.i[2]
	dw := j.t[1][k*in:][:in]
	clear(dw)
	bias := float32(0)
	for r := range n {
		d := j.y[r*out+k]
		bias += d
		for i, v := range j.x[r*in:][:in] {
			dw[i] += d * v
		}
	}
	if j.b != nil {
		j.b[k] = bias
	}
}

func linearInputTile(j *job, n, _ int) {
	in, out := j.i[1], j.i[2]
	dx := j.t[0][n*in:][:in]
	clear(dx)
	for k, d := range j.y[n*out:][:out] {
		for i, v := range j.w[k*in:][:in] {
			dx[i] += d * v
		}
	}
}
