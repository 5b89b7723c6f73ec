package kernels

// elementTile is how many elements of an element-wise operation make a tile.
const elementTile = 16 << 10

// elementJob is the job of what goes element by element: y from a and perhaps b.
type elementJob struct {
	act     Activation
	factor  float32
	a, b, y []float32
}

func elementRange(tile, n int) (lo, hi int) {
	lo = tile * elementTile
	return lo, min(lo+elementTile, n)
}

// Add computes y = a + b, element by element; y may be a or b.
func Add(p *Pool, a, b, y []float32) {
	if !(len(a) == len(b) && len(a) == len(y)) {
		fail("add: lengths %d, %d, %d", len(a), len(b), len(y))
	}
	j := &p.begin().element
	j.a, j.b, j.y = a, b, y
	p.run(addTile{j}, ceilDiv(len(y), elementTile))
}

type addTile struct{ *elementJob }

func (j addTile) tile(tile int, _ *workspace) {
	lo, hi := elementRange(tile, len(j.y))
	a, b, y := j.a[lo:hi], j.b[lo:hi], j.y[lo:hi]
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
	j := &p.begin().element
	j.a, j.y = src, dst
	p.run(copyTile{j}, ceilDiv(len(dst), elementTile))
}

type copyTile struct{ *elementJob }

func (j copyTile) tile(tile int, _ *workspace) {
	lo, hi := elementRange(tile, len(j.y))
	copy(j.y[lo:hi], j.a[lo:hi])
}

// Scale computes y = a*x, element by element; y may be x.
func Scale(p *Pool, a float32, x, y []float32) {
	if !(len(x) == len(y)) {
		fail("scale: lengths %d, %d", len(x), len(y))
	}
	j := &p.begin().element
	j.factor, j.a, j.y = a, x, y
	p.run(scaleTile{j}, ceilDiv(len(y), elementTile))
}

type scaleTile struct{ *elementJob }

func (j scaleTile) tile(tile int, _ *workspace) {
	lo, hi := elementRange(tile, len(j.y))
	x, y, a := j.a[lo:hi], j.y[lo:hi], j.factor
	for i := range y {
		y[i] = a * x[i]
	}
}

// Average moves dst towards src: dst = decay*dst + (1-decay)*src, the exponential moving average of weights.
func Average(p *Pool, decay float32, src, dst []float32) {
	if !(len(src) == len(dst)) {
		fail("average: lengths %d, %d", len(src), len(dst))
	}
	j := &p.begin().element
	j.factor, j.a, j.y = decay, src, dst
	p.run(averageTile{j}, ceilDiv(len(dst), elementTile))
}

type averageTile struct{ *elementJob }

func (j averageTile) tile(tile int, _ *workspace) {
	lo, hi := elementRange(tile, len(j.y))
	x, y, d := j.a[lo:hi], j.y[lo:hi], j.factor
	for i := range y {
		y[i] = d*y[i] + (1-d)*x[i]
	}
}

type zeroTile struct{ *elementJob }

func (j zeroTile) tile(tile int, _ *workspace) {
	lo, hi := elementRange(tile, len(j.y))
	clear(j.y[lo:hi])
}
