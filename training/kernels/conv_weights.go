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
	jobs := p.begin()
	j := &jobs.grad
	defer p.finish()
	j.shape, j.x, j.dy, j.dw, j.dbias = s, x, dy, dw, dbias
	if active == nil {
		p.phase(referenceWeightsChannel{j}, s.K)
		return
	}
	if f := s.form(s.Forms.Weights, true); f != Direct {
		jobs.winograd.win = newWinograd(s, f, active.nr)
		jobs.winograd.run(p, x, dy, dw, scratch)
	} else if s.depthwiseFits() {
		j.depthWeights(p, scratch)
	} else if s.pointwiseFits(active.nr) {
		j.pointwiseWeights(p, scratch)
	} else {
		jobs.weights.plan = s.weightsPlan(active.nr)
		jobs.weights.run(p, x, dy, dw, scratch)
	}
	if dbias != nil {
		j.sums = scratch
		p.phase(biasTile{j}, biasParts)
		sumParts(scratch, biasParts, s.K, dbias)
	}
}

// gradJob is the job of a gradient by the weights, or by the bias.
type gradJob struct {
	shape            ConvShape
	x, dy, dw, dbias []float32
	sums             []float32 // of each part
}

// weightsJob is the job of a gradient by the weights in steps.
type weightsJob struct {
	plan               weightsPlan
	x, dy, dw          []float32
	in, out, sums      []float32 // panels of x and of dy, and the sums
	group, image, step int       // at work: a group, its first image, its step of rows
	first              bool      // the sums begin with this step
}

// run goes through the steps of each group.
func (j *weightsJob) run(p *Pool, x, dy, dw, scratch []float32) {
	w := &j.plan
	na, nb, ns := w.lens()
	j.x, j.dy, j.dw = x, dy, dw
	j.in, j.out, j.sums = scratch[:na], scratch[na:na+nb], scratch[na+nb:][:ns]
	for g := range w.d.groups {
		j.group, j.first = g, true
		for n0 := 0; n0 < w.d.n; n0 += w.images {
			for r := range w.rowSteps {
				j.image, j.step = n0, r
				p.phase(weightsPanelTile{j}, min(w.images, w.d.n-n0)*(ceilDiv(w.ih(), 4)+ceilDiv(w.rows, 4)))
				p.phase(weightsSumTile{j}, w.sumTiles())
				j.first = false
			}
		}
		p.phase(weightsOutTile{j}, w.d.kg)
	}
}

func (w *weightsPlan) sumTiles() int {
	if w.merged {
		return w.d.kh * w.kb
	}
	return w.d.kh * w.d.kw * w.ca
}

// weightsPanelTile fills four rows of one image's panels, of the input or of the output gradient.
type weightsPanelTile struct{ *weightsJob }

func (j weightsPanelTile) tile(tile int, _ *workspace) {
	w := &j.plan
	d := &w.d
	inTiles := ceilDiv(w.ih(), 4)
	per := inTiles + ceilDiv(w.rows, 4)
	img, part := tile/per, tile%per
	n, r0 := j.image+img, j.step*w.rows
	r1 := min(d.oh, r0+w.rows)
	if part >= inTiles {
		for i := (part - inTiles) * 4; i < min(w.rows, (part-inTiles)*4+4); i++ {
			if r := r0 + i; r < r1 {
				src := j.dy[(n*d.oh+r)*d.ow*d.kg*d.groups+j.group*d.kg:]
				active.panel(d.ow, d.kg, d.kg*d.groups, w.images*w.rows*d.ow*w.nr, src, j.out[(img*w.rows+i)*d.ow*w.nr:])
			}
		}
		return
	}
	for i := part * 4; i < min(w.ih(), part*4+4); i++ {
		j.inputPanelRow(img, i, n, r0*d.strideH-d.top+i)
	}
}

// inputPanelRow fills row i of an image's panels with row h of the input, with zeros where that lies outside.
func (j *weightsJob) inputPanelRow(img, i, n, h int) {
	w := &j.plan
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
		row := j.in[q*stride+at:][:d.iw*width]
		clear(row[:left*width])
		clear(row[right*width:])
	}
	if left >= right {
		return
	}
	src := j.x[((n*d.h+h)*d.w+left-d.left)*d.c+j.group*d.cg:]
	if w.merged {
		for q := range right - left {
			copy(j.in[at+(left+q)*width:][:d.cg], src[q*d.c:])
		}
		return
	}
	active.panel(right-left, d.cg, d.c, stride, src, j.in[at+left*width:])
}

// weightsSumTile adds a step's products to the sums [kh][kw][cg][kp] of one tap and panel (merged: of one row of taps and
// one panel of output channels).
type weightsSumTile struct{ *weightsJob }

func (j weightsSumTile) tile(tile int, _ *workspace) {
	w := &j.plan
	d := &w.d
	images := min(w.images, d.n-j.image)
	rows := min(d.oh, (j.step+1)*w.rows) - j.step*w.rows
	a, b, sums := j.in, j.out, j.sums
	bPanel := w.images * w.rows * d.ow * w.nr
	if w.merged {
		u, kb := tile/w.kb, tile%w.kb
		active.outer(images, rows, d.ow, w.ih()*d.iw*d.cg, d.strideH*d.iw*d.cg, d.strideW*d.cg, w.rows*d.ow*w.nr, d.ow*w.nr, d.kw*d.cg, 1, 0, j.first, a[u*d.iw*d.cg:], b[kb*bPanel:], sums[u*d.kw*d.cg*w.kp+kb*w.nr:], w.kp)
		return
	}
	tap, ca := tile/w.ca, tile%w.ca
	u, v := tap/d.kw, tap%d.kw
	aPanel := w.images * w.ih() * d.iw * w.nr
	m := min(w.nr, d.cg-ca*w.nr)
	active.outer(images, rows, d.ow, w.ih()*d.iw*w.nr, d.strideH*d.iw*w.nr, d.strideW*w.nr, w.rows*d.ow*w.nr, d.ow*w.nr, m, w.kb, bPanel, j.first, a[ca*aPanel+(u*d.iw+v)*w.nr:], b, sums[(tap*d.cg+ca*w.nr)*w.kp:], w.kp)
}

// weightsOutTile writes the sums of one output channel as PyTorch has them.
type weightsOutTile struct{ *weightsJob }

func (j weightsOutTile) tile(k int, _ *workspace) {
	w := &j.plan
	d := &w.d
	taps := d.kh * d.kw
	dst := j.dw[(j.group*d.kg+k)*d.cg*taps:][:d.cg*taps]
	for t := range taps {
		for c := range d.cg {
			dst[c*taps+t] = j.sums[(t*d.cg+c)*w.kp+k]
		}
	}
}

const biasParts = 16

// biasTile sums one part of the rows of dy [rows][K].
type biasTile struct{ *gradJob }

func (j biasTile) tile(part int, _ *workspace) {
	c := j.shape.K
	rows := len(j.dy) / c
	sum := j.sums[part*c:][:c]
	clear(sum)
	for r := rows * part / biasParts; r < rows*(part+1)/biasParts; r++ {
		for k, v := range j.dy[r*c:][:c] {
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
