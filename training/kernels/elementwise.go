package kernels

// elementTile is how many elements of an element-wise operation make a tile.
const elementTile = 16 << 10

func elementRange(tile, n int) (lo, hi int) {
	lo = tile * elementTile
	return lo, min(lo+elementTile, n)
}

// Add computes y = a + b, element by element; y may be a or b.
func Add(p *Pool, a, b, y []float32) {
	if !(len(a) == len(b) && len(a) == len(y)) {
		fail("add: lengths %d, %d, %d", len(a), len(b), len(y))
	}
	j := p.begin()
	j.x, j.w, j.y = a, b, y
	p.run(addTile, ceilDiv(len(y), elementTile))
}

func addTile(j *job, tile, _ int) {
	lo, hi := elementRange(tile, len(j.y))
	a, b, y := j.x[lo:hi], j.w[lo:hi], j.y[lo:hi]
	if active != nil {
		active.addAct(a, b, None, y)
		return
	}
	for i := range y {
		y[i] = a[i] + b[i]
	}
}

// Copy copies src to dst on all threads.
func Copy(p *Pool, src, dst []float32) {
	if !(len(src) == len(dst)) {
		fail("copy: lengths %d, %d", len(src), len(dst))
	}
	j := p.begin()
	j.x, j.y = src, dst
	p.run(copyTile, ceilDiv(len(dst), elementTile))
}

func copyTile(j *job, tile, _ int) {
	lo, hi := elementRange(tile, len(j.y))
	copy(j.y[lo:hi], j.x[lo:hi])
}

// Zero sets every element of x to 0.
func Zero(p *Pool, x []float32) {
	j := p.begin()
	j.x = x
	p.run(zeroTile, ceilDiv(len(x), elementTile))
}

func zeroTile(j *job, tile, _ int) {
	lo, hi := elementRange(tile, len(j.x))
	clear(j.x[lo:hi])
}

// Scale computes y = a*x, element by element; y may be x.
func Scale(p *Pool, a float32, x, y []float32) {
	if !(len(x) == len(y)) {
		fail("scale: lengths %d, %d", len(x), len(y))
	}
	j := p.begin()
	j.f[0], j.x, j.y = a, x, y
	p.run(scaleTile, ceilDiv(len(y), elementTile))
}

func scaleTile(j *job, tile, _ int) {
	lo, hi := elementRange(tile, len(j.y))
	x, y, a := j.x[lo:hi], j.y[lo:hi], j.f[0]
	for i := range y {
		y[i] = a * x[i]
	}
}

// Average moves dst towards src: dst = decay*dst + (1-decay)*src, the exponential moving average of weights.
func Average(p *Pool, decay float32, src, dst []float32) {
	if !(len(src) == len(dst)) {
		fail("average: lengths %d, %d", len(src), len(dst))
	}
	j := p.begin()
	j.f[0], j.x, j.y = decay, src, dst
	p.run(averageTile, ceilDiv(len(dst), elementTile))
}

func averageTile(j *job, tile, _ int) {
	lo, hi := elementRange(tile, len(j.y))
	x, y, d := j.x[lo:hi], j.y[lo:hi], j.f[0]
	for i := range y {
		y[i] = d*y[i] + (1-d)*x[i]
	}
}
