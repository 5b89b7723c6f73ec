package kernels

// ConcatChannels computes y [rows][ca+cb], the channels of a [rows][ca] followed by those of b [rows][cb].
func ConcatChannels(p *Pool, rows, ca, cb int, a, b, y []float32) {
	if !(len(a) == rows*ca && len(b) == rows*cb && len(y) == len(a)+len(b)) {
		fail("concatenation: lengths %d, %d, %d", len(a), len(b), len(y))
	}
	j := p.begin()
	j.i[0], j.i[1], j.i[2] = rows, ca, cb
	j.x, j.w, j.y = a, b, y
	p.run(concatTile, ceilDiv(rows, 64))
}

func concatTile(j *job, tile, _ int) {
	ca, cb := j.i[1], j.i[2]
	for r := tile * 64; r < min(j.i[0], (tile+1)*64); r++ {
		y := j.y[r*(ca+cb):][:ca+cb]
		copy(y[:ca], j.x[r*ca:])
		copy(y[ca:], j.w[r*cb:])
	}
}

// SplitChannels is ConcatChannels backward: a and b from y.
func SplitChannels(p *Pool, rows, ca, cb int, y, a, b []float32) {
	if !(len(a) == rows*ca && len(b) == rows*cb && len(y) == len(a)+len(b)) {
		fail("split: lengths %d, %d, %d", len(a), len(b), len(y))
	}
	j := p.begin()
	j.i[0], j.i[1], j.i[2] = rows, ca, cb
	j.x, j.w, j.y = a, b, y
	p.run(splitTile, ceilDiv(rows, 64))
}

func splitTile(j *job, tile, _ int) {
	ca, cb := j.i[1], j.i[2]
	for r := tile * 64; r < min(j.i[0], (tile+1)*64); r++ {
		y := j.y[r*(ca+cb):][:ca+cb]
		copy(j.x[r*ca:][:ca], y)
		copy(j.w[r*cb:][:cb], y[ca:])
	}
}
