package kernels

// UpsampleNearest2x computes y [n][2h][2w][c] by writing each pixel of x [n][h][w][c] four times; where add is not nil
// (as long as y), y = add + that, the join of a feature pyramid. y may be add.
func UpsampleNearest2x(p *Pool, n, h, w, c int, x, add, y []float32) {
	if !(len(x) == n*h*w*c && len(y) == 4*len(x) && (add == nil || len(add) == len(y))) {
		fail("upsampling %d x %d x %d x %d: lengths x %d, add %d, y %d", n, h, w, c, len(x), len(add), len(y))
	}
	j := &p.begin().upsample
	j.w, j.c = w, c
	j.x, j.add, j.y = x, add, y
	p.run(upsampleRow{j}, n*2*h)
}

// upsampleJob is the job of both directions; backward, x and y are their gradients.
type upsampleJob struct {
	w, c      int
	x, add, y []float32
}

type upsampleRow struct{ *upsampleJob }

func (j upsampleRow) tile(tile int, _ *workspace) {
	w, c := j.w, j.c
	for v := range 2 * w {
		at := (tile*2*w + v) * c
		x, y := j.x[(tile/2*w+v/2)*c:][:c], j.y[at:][:c]
		if j.add == nil {
			copy(y, x)
			continue
		}
		for k, a := range j.add[at:][:c] {
			y[k] = a + x[k]
		}
	}
}

// UpsampleNearest2xBackward computes dx [n][h][w][c], the sum of each pixel's four gradients in dy [n][2h][2w][c].
func UpsampleNearest2xBackward(p *Pool, n, h, w, c int, dy, dx []float32) {
	if !(len(dx) == n*h*w*c && len(dy) == 4*len(dx)) {
		fail("upsampling backward %d x %d x %d x %d: lengths dy %d, dx %d", n, h, w, c, len(dy), len(dx))
	}
	j := &p.begin().upsample
	j.w, j.c = w, c
	j.y, j.x = dy, dx
	p.run(upsampleBackwardRow{j}, n*h)
}

type upsampleBackwardRow struct{ *upsampleJob }

func (j upsampleBackwardRow) tile(tile int, _ *workspace) {
	w, c := j.w, j.c
	for v := range w {
		dx := j.x[(tile*w+v)*c:][:c]
		top := j.y[(2*tile*2*w+2*v)*c:][:2*c]
		low := j.y[((2*tile+1)*2*w+2*v)*c:][:2*c]
		for k := range dx {
			dx[k] = (top[k] + top[c+k]) + (low[k] + low[c+k])
		}
	}
}
