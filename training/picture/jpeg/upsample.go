package jpeg

// Upsampler makes the rows of a plane at the size of the picture by libjpeg's "fancy" triangle filter (jdsample.c). Each goroutine
// needs its own.
type Upsampler struct {
	w, cw, ch, hs, vs int
	sums              []int32
}

// NewUpsampler is for a picture of w x h pixels and planes that are hs times narrower and vs times lower, each 1 or 2.
func NewUpsampler(w, h, hs, vs int) *Upsampler {
	cw, ch := (w+hs-1)/hs, (h+vs-1)/vs
	return &Upsampler{w: w, cw: cw, ch: ch, hs: hs, vs: vs, sums: make([]int32, cw)}
}

// Row writes the w samples of row y to out.
func (u *Upsampler) Row(out, plane []byte, stride, y int) {
	this := plane[y/u.vs*stride:][:u.cw]
	if u.hs == 2 && u.cw <= 2 { // too narrow for libjpeg's filter
		for x := range u.w {
			out[x] = this[x/2]
		}
		return
	}
	if u.vs == 1 {
		if u.hs == 1 {
			copy(out, this)
			return
		}
		for i, v := range this {
			u.sums[i] = int32(v)
		}
		u.widen(out, 1, 2, 2)
		return
	}
	other := y/2 - 1 + 2*(y&1) // the neighbour this row is nearer to
	other = max(0, min(other, u.ch-1))
	near := plane[other*stride:][:u.cw]
	if u.hs == 1 {
		for i, v := range this {
			out[i] = uint8((3*int(v) + int(near[i]) + 1 + y&1) >> 2)
		}
		return
	}
	for i, v := range this {
		u.sums[i] = 3*int32(v) + int32(near[i])
	}
	u.widen(out, 8, 7, 4)
}

// widen doubles u.sums horizontally with weights 3 and 1, adds left or right
// to round, and divides by 2^shift. At the ends a sample is its own neighbour.
func (u *Upsampler) widen(out []byte, left, right int32, shift int) {
	n := len(u.sums)
	a := u.sums[0]
	v := a
	for i := range n - 1 {
		b := u.sums[i+1]
		o := out[2*i : 2*i+2 : 2*i+2]
		o[0] = uint8((3*v + a + left) >> shift)
		o[1] = uint8((3*v + b + right) >> shift)
		a, v = v, b
	}
	out[2*n-2] = uint8((3*v + a + left) >> shift)
	if 2*n-1 < len(out) {
		out[2*n-1] = uint8((4*v + right) >> shift)
	}
}
