package kernels

// PictureShape describes a network's picture: N images of Pixels pixels and C channels.
type PictureShape struct {
	N, Pixels, C int
	// Turned: each image is turned by 180 degrees, its pixels taken from the last to the first.
	Turned bool
	// Scale and Shift, of the first three channels: y = x*Scale + Shift. A Scale of all zeros leaves every value as it is.
	Scale, Shift [3]float32
}

// Picture computes y [n][pixels][c] from x of the same shape, which must not overlap.
func Picture(p *Pool, s PictureShape, x, y []float32) {
	if n := s.N * s.Pixels * s.C; len(x) != n || len(y) != n {
		fail("picture: lengths %d, %d for %+v", len(x), len(y), s)
	}
	if s.Scale != [3]float32{} && s.C != 3 {
		fail("picture: %d channels are scaled where there must be 3", s.C)
	}
	j := &p.begin().picture
	j.s, j.x, j.y = s, x, y
	p.run(pictureTile{j}, s.N)
}

type pictureJob struct {
	s    PictureShape
	x, y []float32
}

type pictureTile struct{ *pictureJob }

func (j pictureTile) tile(image int, _ *workspace) {
	s := &j.s
	size := s.Pixels * s.C
	x, y := j.x[image*size:][:size], j.y[image*size:][:size]
	if s.Turned {
		for from, to := 0, size-s.C; to >= 0; from, to = from+s.C, to-s.C {
			copy(y[to:to+s.C], x[from:from+s.C])
		}
	} else {
		copy(y, x)
	}
	if s.Scale == ([3]float32{}) {
		return
	}
	for i := 0; i+2 < size; i += 3 {
		y[i] = float32(y[i]*s.Scale[0]) + s.Shift[0]
		y[i+1] = float32(y[i+1]*s.Scale[1]) + s.Shift[1]
		y[i+2] = float32(y[i+2]*s.Scale[2]) + s.Shift[2]
	}
}
