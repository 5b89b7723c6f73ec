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
	h, w, c   int
	toH, toW  int // of UpsampleNearest
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

// UpsampleNearest is UpsampleNearest2x to any size: x [n][h][w][c] and add [n][toH][toW][c] to y as add. Pixel i of an axis comes from
// pixel floor(i*scale) of x, scale the quotient of the sizes as float32, as in PyTorch's interpolate(mode="nearest"). y may be add.
func UpsampleNearest(p *Pool, n, h, w, c, toH, toW int, x, add, y []float32) {
	if !(len(x) == n*h*w*c && len(y) == n*toH*toW*c && len(add) == len(y)) {
		fail("upsampling %d x %d x %d x %d to %d x %d: lengths x %d, add %d, y %d", n, h, w, c, toH, toW, len(x), len(add), len(y))
	}
	j := &p.begin().upsample
	j.h, j.w, j.c, j.toH, j.toW = h, w, c, toH, toW
	j.x, j.add, j.y = x, add, y
	p.run(upsampleNearestRow{j}, n*toH)
}

// nearestPixel is the pixel of an axis of from that pixel i of one of to copies.
func nearestPixel(i, from, to int) int {
	return min(int(float32(i)*(float32(from)/float32(to))), from-1)
}

type upsampleNearestRow struct{ *upsampleJob }

func (j upsampleNearestRow) tile(tile int, _ *workspace) {
	n, r := tile/j.toH, tile%j.toH
	from := j.x[(n*j.h+nearestPixel(r, j.h, j.toH))*j.w*j.c:][:j.w*j.c]
	for q := range j.toW {
		at := (tile*j.toW + q) * j.c
		out, add := j.y[at:][:j.c], j.add[at:][:j.c]
		for k, v := range from[nearestPixel(q, j.w, j.toW)*j.c:][:j.c] {
			out[k] = add[k] + v
		}
	}
}

// UpsampleNearestBackward computes dx [n][h][w][c] from dy [n][toH][toW][c]: the sum over the pixels that copied each.
func UpsampleNearestBackward(p *Pool, n, h, w, c, toH, toW int, dy, dx []float32) {
	if !(len(dx) == n*h*w*c && len(dy) == n*toH*toW*c) {
		fail("upsampling backward %d x %d x %d x %d to %d x %d: lengths dy %d, dx %d", n, h, w, c, toH, toW, len(dy), len(dx))
	}
	j := &p.begin().upsample
	j.h, j.w, j.c, j.toH, j.toW = h, w, c, toH, toW
	j.y, j.x = dy, dx
	p.run(upsampleNearestBackRow{j}, n*h)
}

type upsampleNearestBackRow struct{ *upsampleJob }

func (j upsampleNearestBackRow) tile(tile int, _ *workspace) {
	n, r := tile/j.h, tile%j.h
	out := j.x[tile*j.w*j.c:][:j.w*j.c]
	clear(out)
	for above := range j.toH {
		if nearestPixel(above, j.h, j.toH) != r {
			continue
		}
		for q := range j.toW {
			sum := out[nearestPixel(q, j.w, j.toW)*j.c:][:j.c]
			for k, v := range j.y[((n*j.toH+above)*j.toW+q)*j.c:][:j.c] {
				sum[k] += v
			}
		}
	}
}
