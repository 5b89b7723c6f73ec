package kernels

// ConcatChannels computes y [rows][ca+cb], the channels of a [rows][ca] followed by those of b [rows][cb].
func ConcatChannels(p *Pool, rows, ca, cb int, a, b, y []float32) {
	if !(len(a) == rows*ca && len(b) == rows*cb && len(y) == len(a)+len(b)) {
		fail("concatenation: lengths %d, %d, %d", len(a), len(b), len(y))
	}
	j := &p.begin().concat
	j.rows, j.ca, j.cb = rows, ca, cb
	j.a, j.b, j.y = a, b, y
	p.run(concatTile{j}, ceilDiv(rows, 64))
}

// concatJob is the job of both directions.
type concatJob struct {
	rows, ca, cb int
	a, b, y      []float32
}

type concatTile struct{ *concatJob }

func (j concatTile) tile(tile int, _ *workspace) {
	ca, cb := j.ca, j.cb
	for r := tile * 64; r < min(j.rows, (tile+1)*64); r++ {
		y := j.y[r*(ca+cb):][:ca+cb]
		copy(y[:ca], j.a[r*ca:])
		copy(y[ca:], j.b[r*cb:])
	}
}

// SplitChannels is ConcatChannels backward: a and b from y.
func SplitChannels(p *Pool, rows, ca, cb int, y, a, b []float32) {
	if !(len(a) == rows*ca && len(b) == rows*cb && len(y) == len(a)+len(b)) {
		fail("split: lengths %d, %d, %d", len(a), len(b), len(y))
	}
	j := &p.begin().concat
	j.rows, j.ca, j.cb = rows, ca, cb
	j.a, j.b, j.y = a, b, y
	p.run(splitTile{j}, ceilDiv(rows, 64))
}

type splitTile struct{ *concatJob }

func (j splitTile) tile(tile int, _ *workspace) {
	ca, cb := j.ca, j.cb
	for r := tile * 64; r < min(j.rows, (tile+1)*64); r++ {
		y := j.y[r*(ca+cb):][:ca+cb]
		copy(j.a[r*ca:][:ca], y)
		copy(j.b[r*cb:][:cb], y[ca:])
	}
}
