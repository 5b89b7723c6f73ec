package kernels

// The gradient by the weights in direct form: step by step of some images, input (padded) and output gradient are
// rearranged into panels of nr channels, then every filter tap and panel of channels sums its outer products over all
// pixels of the step. No sum is shared between tiles, and steps follow in order.
type weightsPlan struct {
	d        direct // the forward product, for padding and sizes
	nr       int
	merged   bool // few input channels: a row of taps is taken as one run of kw*cg values, unpanelled
	ca, kb   int  // panels of a group
	kp       int  // columns of the sums, kb*nr
	rows     int  // output rows of a step, in one image
	images   int  // or whole images of a step
	rowSteps int
	units    int // rows of the sums: taps * cg
}

func (s ConvShape) weightsPlan(nr int) weightsPlan {
	w := weightsPlan{d: s.directForward(), nr: nr}
	d := &w.d
	w.merged = d.cg < nr && d.kw > 1
	w.ca, w.kb = ceilDiv(d.cg, nr), ceilDiv(d.kg, nr)
	w.kp = w.kb * nr
	w.units = d.kh * d.kw * d.cg
	// A step's panels: a few megabytes, which the last-level cache holds; at least a row.
	row := d.strideH*d.iw*w.aWidth() + d.ow*w.kp
	most := max(1, (768<<10)/row)
	w.images, w.rows = 1, d.oh
	if most < d.oh {
		w.rows = most
	} else {
		w.images = min(d.n, most/d.oh)
	}
	w.rowSteps = ceilDiv(d.oh, w.rows)
	return w
}

// aWidth is the number of values that the panels hold for a pixel of input.
func (w *weightsPlan) aWidth() int {
	if w.merged {
		return w.d.cg
	}
	return w.ca * w.nr
}

func (w *weightsPlan) ih() int { return (w.rows-1)*w.d.strideH + w.d.kh }

// lens are the lengths of the panels of input and output gradient, and of the sums.
func (w *weightsPlan) lens() (a, b, sums int) {
	return w.images * w.ih() * w.d.iw * w.aWidth(), w.images * w.rows * w.d.ow * w.kp, w.units * w.kp
}

// WeightsScratch is how many floats of scratch ConvBackwardWeights needs.
func (s ConvShape) WeightsScratch() int {
	s = s.normal()
	if active == nil {
		return 0
	}
	n := 0
	if f := s.form(s.Forms.Weights, true); f != Direct {
		w := newWinograd(s, f, active.nr)
		a, b, c := w.gradLens(active.nr)
		n = a + b + c
	} else if s.depthwiseFits() {
		n = s.depthParts() * s.WeightLen()
	} else if s.pointwiseFits(active.nr) {
		n = s.pointwiseParts() * s.WeightLen()
	} else {
		w := s.weightsPlan(active.nr)
		a, b, c := w.lens()
		n = a + b + c
	}
	return max(n, biasParts*s.K)
}

// ConvBackwardWeights computes dw, the gradient by the weights, and where dbias is not nil the gradient by the bias,
// from x and dy. Both are overwritten. Scratch at least WeightsScratch floats.
func ConvBackwardWeights(p *Pool, s ConvShape, x, dy, dw, dbias, scratch []float32) {
	s = s.normal()
	if !(len(x) == s.InputLen() && len(dw) == s.WeightLen() && len(dy) == s.OutputLen() && (dbias == nil || len(dbias) == s.K)) {
		fail("convolution backward weights %+v: lengths x %d, dy %d, dw %d, dbias %d", s, len(x), len(dy), len(dw), len(dbias))
	}
	if !(len(scratch) >= s.WeightsScratch()) {
		fail("convolution backward weights: scratch of %d, want %d", len(scratch), s.WeightsScratch())
	}
	j := p.begin()
	defer p.finish()
	if active == nil {
		j.conv, j.x, j.y, j.w, j.b = s, x, dy, dw, dbias
		p.phase(referenceWeightsChannel, s.K)
		return
	}
	j.vec, j.conv = active, s
	if f := s.form(s.Forms.Weights, true); f != Direct {
		w := newWinograd(s, f, active.nr)
		w.gradWeights(p, j, x, dy, dw, scratch)
	} else if s.depthwiseFits() {
		j.x, j.y, j.w = x, dy, dw
		j.depthWeights(p, scratch)
	} else if s.pointwiseFits(active.nr) {
		j.x, j.y, j.w = x, dy, dw
		j.pointwiseWeights(p, scratch)
	} else {
		j.wts = s.weightsPlan(active.nr)
		j.weights(p, x, dy, dw, scratch)
	}
	if dbias != nil {
		j.x, j.y, j.w, j.i[0], j.i[1] = dy, dbias, scratch, len(dy)/s.K, s.K
		p.phase(biasTile, biasParts)
		sumParts(scratch, biasParts, s.K, dbias)
	}
}

// weights runs the steps of each group.
func (j *job) weights(p *Pool, x, dy, dw, scratch []float32) {
	w := &j.wts
	na, nb, ns := w.lens()
	j.x, j.y, j.w = x, dy, dw
	j.t[0], j.t[1], j.t[2] = scratch[:na], scratch[na:na+nb], scratch[na+nb:][:ns]
	for g := range w.d.groups {
		j.n[2] = g
		first := true
		for n0 := 0; n0 < w.d.n; n0 += w.images {
			for r := range w.rowSteps {
				j.n[0], j.n[1] = n0, r
				j.i[0] = 0
				if first {
					j.i[0], first = 1, false
				}
				p.phase(weightsPanelTile, min(w.images, w.d.n-n0)*(ceilDiv(w.ih(), 4)+ceilDiv(w.rows, 4)))
				p.phase(weightsSumTile, w.sumTiles())
			}
		}
		p.phase(weightsOutTile, w.d.kg)
	}
}

func (w *weightsPlan) sumTiles() int {
	if w.merged {
		return w.d.kh * w.kb
	}
	return w.d.kh * w.d.kw * w.ca
}

// weightsPanelTile fills four rows of one image's panels, of the input or of the output gradient.
func weightsPanelTile(j *job, tile, _ int) {
	w := &j.wts
	d := &w.d
	inTiles := ceilDiv(w.ih(), 4)
	per := inTiles + ceilDiv(w.rows, 4)
	img, part := tile/per, tile%per
	n, r0 := j.n[0]+img, j.n[1]*w.rows
	r1 := min(d.oh, r0+w.rows)
	if part >= inTiles {
		for i := (part - inTiles) * 4; i < min(w.rows, (part-inTiles)*4+4); i++ {
			if r := r0 + i; r < r1 {
				src := j.y[(n*d.oh+r)*d.ow*d.kg*d.groups+j.n[2]*d.kg:]
				j.vec.panel(d.ow, d.kg, d.kg*d.groups, w.images*w.rows*d.ow*w.nr, src, j.t[1][(img*w.rows+i)*d.ow*w.nr:])
			}
		}
		return
	}
	for i := part * 4; i < min(w.ih(), part*4+4); i++ {
		j.inputPanelRow(img, i, n, r0*d.strideH-d.top+i)
	}
}

// inputPanelRow fills row i of an image's panels with row h of the input, with zeros where that lies outside.
func (j *job) inputPanelRow(img, i, n, h int) {
	w := &j.wts
	d := &w.d
	width := w.nr
	if w.merged {
		width = d.cg
	}
	stride := w.images * w.ih() * d.iw * width // from panel to panel
	at := (img*w.ih() + i) * d.iw * width
	left := min(d.left, d.iw)
	right := max(left, min(d.iw, d.left+d.w))
	if h < 0 || h >= d.h {
		left, right = d.iw, d.iw
	}
	for q := 0; q < w.ca; q++ {
		row := j.t[0][q*stride+at:][:d.iw*width]
		clear(row[:left*width])
		clear(row[right*width:])
	}
	if left >= right {
		return
	}
	src := j.x[((n*d.h+h)*d.w+left-d.left)*d.c+j.n[2]*d.cg:]
	if w.merged {
		for q := range right - left {
			copy(j.t[0][at+(left+q)*width:][:d.cg], src[q*d.c:])
		}
		return
	}
	j.vec.panel(right-left, d.cg, d.c, stride, src, j.t[0][at+left*width:])
}

// weightsSumTile adds a step's products to the sums [kh][kw][cg][kp] of one tap and panel (merged: of one row of taps and
// one panel of output channels).
func weightsSumTile(j *job, tile, _ int) {
	w := &j.wts
	d := &w.d
	images := min(w.images, d.n-j.n[0])
	rows := min(d.oh, (j.n[1]+1)*w.rows) - j.n[1]*w.rows
	a, b, sums := j.t[0], j.t[1], j.t[2]
	bPanel := w.images * w.rows * d.ow * w.nr
	if w.merged {
		u, kb := tile/w.kb, tile%w.kb
		j.vec.outer(images, rows, d.ow, w.ih()*d.iw*d.cg, d.strideH*d.iw*d.cg, d.strideW*d.cg, w.rows*d.ow*w.nr, d.ow*w.nr, d.kw*d.cg, 1, 0, j.i[0] == 1, a[u*d.iw*d.cg:], b[kb*bPanel:], sums[u*d.kw*d.cg*w.kp+kb*w.nr:], w.kp)
		return
	}
	tap, ca := tile/w.ca, tile%w.ca
	u, v := tap/d.kw, tap%d.kw
	aPanel := w.images * w.ih() * d.iw * w.nr
	m := min(w.nr, d.cg-ca*w.nr)
	j.vec.outer(images, rows, d.ow, w.ih()*d.iw*w.nr, d.strideH*d.iw*w.nr, d.strideW*w.nr, w.rows*d.ow*w.nr, d.ow*w.nr, m, w.kb, bPanel, j.i[0] == 1, a[ca*aPanel+(u*d.iw+v)*w.nr:], b, sums[(tap*d.cg+ca*w.nr)*w.kp:], w.kp)
}

// weightsOutTile writes the sums of one output channel as PyTorch has them.
func weightsOutTile(j *job, k, _ int) {
	w := &j.wts
	d := &w.d
	taps := d.kh * d.kw
	dst := j.w[(j.n[2]*d.kg+k)*d.cg*taps:][:d.cg*taps]
	for t := range taps {
		for c := range d.cg {
			dst[c*taps+t] = j.t[2][(t*d.cg+c)*w.kp+k]
		}
	}
}

const biasParts = 16

// biasTile sums one part of the rows of x [i[0]][i[1]].
func biasTile(j *job, part, _ int) {
	rows, c := j.i[0], j.i[1]
	sum := j.w[part*c:][:c]
	clear(sum)
	for r := rows * part / biasParts; r < rows*(part+1)/biasParts; r++ {
		for k, v := range j.x[r*c:][:c] {
			sum[k] += v
		}
	}
}

// sumParts adds n parts of c values each, in order.
func sumParts(parts []float32, n, c int, out []float32) {
	copy(out, parts[:c])
	for i := 1; i < n; i++ {
		for k, v := range parts[i*c:][:c] {
			out[k] += v
		}
	}
}
