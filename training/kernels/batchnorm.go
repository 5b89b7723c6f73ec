package kernels

import "math"

// BatchNormShape is a batch norm over Rows = N*H*W values of each of C channels, as PyTorch's BatchNorm2d, with the
// activation after it (and a sum before that, as in residual networks) done in the same sweep:
//
//	z = (x - mean) / sqrt(variance + Eps) * gamma + beta (+ residual),  y = Act(z)
//
// With Frozen, mean and variance are constants (the running ones) for the gradient.
type BatchNormShape struct {
	Rows, C int
	Eps     float32
	Act     Activation
	Frozen  bool
}

// statRows is the number of rows whose statistics are summed as one part; it depends on the shape alone.
func (s BatchNormShape) statRows() int { return max(1, 16384/s.C) }

func (s BatchNormShape) parts() int { return ceilDiv(s.Rows, s.statRows()) }

// Scratch is how many floats of scratch BatchNormStats and BatchNormBackward need.
func (s BatchNormShape) Scratch() int { return s.parts()*partLen(s.C) + 4*s.C }

func (s BatchNormShape) checkChannels(vs ...[]float32) {
	if !(s.Rows > 0 && s.C > 0) {
		fail("batch norm of shape %+v", s)
	}
	for _, v := range vs {
		if !(len(v) == s.C) {
			fail("batch norm: %d values for %d channels", len(v), s.C)
		}
	}
}

// BatchNormStats computes mean [C] and biased variance [C] of x [Rows][C]: each part by itself in two passes, the parts
// joined in order in float64 (Chan, Golub, LeVeque 1979), so that a large mean does not swallow a small variance.
func BatchNormStats(p *Pool, s BatchNormShape, x, mean, variance, scratch []float32) {
	s.checkChannels(mean, variance)
	if !(len(x) == s.Rows*s.C && len(scratch) >= s.Scratch()) {
		fail("batch norm statistics: lengths x %d, scratch %d for %+v", len(x), len(scratch), s)
	}
	j := p.begin()
	j.x, j.w = x, scratch
	j.i[0], j.i[1], j.i[2] = s.Rows, s.C, s.statRows()
	defer p.finish()
	p.phase(statsTile, s.parts())
	n := s.parts() * partLen(s.C)
	j.joinStats(s.C, s.parts(), scratch[:n], scratch[n:], mean, variance)
}

func statsTile(j *job, tile, _ int) {
	c := j.i[1]
	lo, hi := tile*j.i[2], min(j.i[0], (tile+1)*j.i[2])
	partStats(c, j.x[lo*c:hi*c], j.w[tile*partLen(c):][:partLen(c)])
}

// partLen is the length of a part of the statistics of c channels: mean [c], squares [c], number of rows.
func partLen(c int) int { return 2*c + 1 }

// partStats writes mean, sum of squared distances from it and number of rows of x [rows][c] to part.
func partStats(c int, x, part []float32) {
	if active != nil {
		active.statsRows(len(x)/c, c, x, part)
		return
	}
	mean, m2 := part[:c], part[c:2*c]
	clear(part)
	rows := len(x) / c
	for r := range rows {
		for k, v := range x[r*c:][:c] {
			mean[k] += v
		}
	}
	for k := range mean {
		mean[k] /= float32(rows)
	}
	for r := range rows {
		for k, v := range x[r*c:][:c] {
			d := v - mean[k]
			m2[k] += d * d
		}
	}
	part[2*c] = float32(rows)
}

// sumChannels is how many channels' partial sums make a tile.
const sumChannels = 16

// joinStats joins the statistics of n parts in order. work has 4*c floats.
func (j *job) joinStats(c, n int, parts, work, mean, variance []float32) {
	j.i[1], j.i[2] = c, n
	j.t[0], j.t[1], j.t[2], j.t[3] = parts, work[:4*c], mean, variance
	j.pool.phase(joinStatsTile, ceilDiv(c, sumChannels))
}

func joinStatsTile(j *job, tile, _ int) {
	c, n := j.i[1], j.i[2]
	lo, hi := tile*sumChannels, min(c, (tile+1)*sumChannels)
	sums := doubles(j.t[1])
	m, m2 := sums[lo:hi], sums[c+lo:c+hi]
	clear(m)
	clear(m2)
	count := 0.0
	for i := range n {
		part := j.t[0][i*partLen(c):][:partLen(c)]
		add := float64(part[2*c])
		if add == 0 {
			continue
		}
		total := count + add
		share, between := add/total, count*add/total
		pm, pm2 := part[lo:hi], part[c+lo:c+hi]
		for k := range m {
			d := float64(pm[k]) - m[k]
			m[k] += d * share
			m2[k] += float64(pm2[k]) + d*d*between
		}
		count = total
	}
	for k := range m {
		j.t[2][lo+k], j.t[3][lo+k] = float32(m[k]), float32(m2[k]/count)
	}
}

// BatchNormRunning moves the running mean and variance towards the batch's as PyTorch does: by momentum (0.1 in
// torchvision's networks), the variance unbiased.
func BatchNormRunning(s BatchNormShape, momentum float32, mean, variance, runMean, runVar []float32) {
	s.checkChannels(mean, variance, runMean, runVar)
	unbias := float32(1)
	if s.Rows > 1 {
		unbias = float32(float64(s.Rows) / float64(s.Rows-1))
	}
	for k := range mean {
		runMean[k] = (1-momentum)*runMean[k] + momentum*mean[k]
		runVar[k] = (1-momentum)*runVar[k] + momentum*(variance[k]*unbias)
	}
}

func (s BatchNormShape) invStd(variance float32) float32 {
	return float32(1 / math.Sqrt(float64(variance)+float64(s.Eps)))
}

// BatchNormFold gives scale [C] and shift [C] with which z = x*scale + shift: for evaluation, and to fold a batch norm
// into the convolution before it.
func BatchNormFold(s BatchNormShape, gamma, beta, mean, variance, scale, shift []float32) {
	for k := range s.C {
		scale[k] = gamma[k] * s.invStd(variance[k])
		shift[k] = beta[k] - mean[k]*scale[k]
	}
}

// BatchNormForward computes y [Rows][C] from x, with the batch's mean and variance in training and the running ones in
// evaluation. residual [Rows][C] may be nil. y may be x or residual. scratch at least 2*C floats.
func BatchNormForward(p *Pool, s BatchNormShape, x, residual, gamma, beta, mean, variance, y, scratch []float32) {
	s.checkChannels(gamma, beta, mean, variance)
	if !(len(x) == s.Rows*s.C && len(y) == len(x) && (residual == nil || len(residual) == len(x))) {
		fail("batch norm forward: lengths x %d, y %d, residual %d for %+v", len(x), len(y), len(residual), s)
	}
	scale, shift := scratch[:s.C], scratch[s.C:2*s.C]
	BatchNormFold(s, gamma, beta, mean, variance, scale, shift)
	j := p.begin()
	j.act, j.x, j.w, j.y = s.Act, x, residual, y
	j.i[0], j.i[1], j.i[2] = s.Rows, s.C, s.statRows()
	j.t[0], j.t[1] = scale, shift
	p.run(batchNormForwardTile, s.parts())
}

func batchNormForwardTile(j *job, tile, _ int) {
	c := j.i[1]
	lo, hi := tile*j.i[2], min(j.i[0], (tile+1)*j.i[2])
	scale, shift, act := j.t[0], j.t[1], j.act
	if active != nil {
		active.normApply(hi-lo, c, j.x[lo*c:], from(j.w, lo*c), scale, shift, act, j.y[lo*c:])
		return
	}
	for r := lo; r < hi; r++ {
		x, y := j.x[r*c:][:c], j.y[r*c:][:c]
		if j.w != nil {
			for k, v := range j.w[r*c:][:c] {
				y[k] = act.apply(x[k]*scale[k] + shift[k] + v)
			}
			continue
		}
		for k, v := range x {
			y[k] = act.apply(v*scale[k] + shift[k])
		}
	}
}

// BatchNormBackward computes dgamma [C], dbeta [C] and dx [Rows][C] from x, dy and what the forward pass used. Where
// there was a residual, y (the forward pass's result) must be given and dres [Rows][C] gets the residual's gradient
// (unless nil); where there was none, both are nil. dx may be dy. dx may be nil where only dgamma and dbeta are wanted.
func BatchNormBackward(p *Pool, s BatchNormShape, x, y, dy, gamma, beta, mean, variance, dx, dres, dgamma, dbeta, scratch []float32) {
	s.checkChannels(gamma, beta, mean, variance, dgamma, dbeta)
	if !(len(x) == s.Rows*s.C && len(dy) == len(x) && (dx == nil || len(dx) == len(x)) && (y == nil || len(y) == len(x)) && (dres == nil || len(dres) == len(x))) {
		fail("batch norm backward: lengths x %d, y %d, dy %d, dx %d, dres %d for %+v", len(x), len(y), len(dy), len(dx), len(dres), s)
	}
	if !(len(scratch) >= s.Scratch()) {
		fail("batch norm backward: scratch of %d, want %d", len(scratch), s.Scratch())
	}
	j := p.begin()
	defer p.finish()
	n := s.parts() * 2 * s.C
	coef := scratch[n : n+4*s.C]
	BatchNormFold(s, gamma, beta, mean, variance, coef[:s.C], coef[s.C:2*s.C])
	j.act, j.x, j.w, j.b, j.y = s.Act, x, y, dy, dx
	j.i[0], j.i[1], j.i[2] = s.Rows, s.C, s.statRows()
	j.t[0], j.t[1], j.t[2], j.t[3], j.t[4] = scratch, mean, coef, dres, nil
	p.phase(batchNormReduceTile, s.parts())
	j.finishSums(s, scratch[:n], coef, gamma, mean, variance, dgamma, dbeta)
	if dx != nil || dres != nil {
		p.phase(batchNormBackwardTile, s.parts())
	}
}

// finishSums adds the parts' sums of dz and dz*(x-mean) in order into dbeta and dgamma, and replaces coef [4][C] (scale, shift, -,
// -) by (scale, shift, a, b) with dx = scale*dz + a*x + b.
func (j *job) finishSums(s BatchNormShape, parts, coef, gamma, mean, variance, dgamma, dbeta []float32) {
	j.bn, j.t[0], j.t[1], j.t[2], j.t[5], j.t[6], j.t[7] = s, parts, mean, coef, variance, dgamma, dbeta
	j.pool.phase(finishSumsTile, ceilDiv(s.C, sumChannels))
}

func finishSumsTile(j *job, tile, _ int) {
	s, parts, mean, coef := &j.bn, j.t[0], j.t[1], j.t[2]
	c := s.C
	lo, hi := tile*sumChannels, min(c, (tile+1)*sumChannels)
	var sums, dots [sumChannels]float64
	for i := 0; i < len(parts); i += 2 * c {
		for k, v := range parts[i+lo : i+hi] {
			sums[k] += float64(v)
		}
		for k, v := range parts[i+c+lo : i+c+hi] {
			dots[k] += float64(v)
		}
	}
	for k := lo; k < hi; k++ {
		sum, dot := sums[k-lo], dots[k-lo]
		inv := float64(s.invStd(j.t[5][k]))
		j.t[6][k], j.t[7][k] = float32(dot*inv), float32(sum)
		a, b := 0.0, 0.0
		if !s.Frozen {
			scale, rows := float64(coef[k]), float64(s.Rows)
			a = -scale * inv * inv * dot / rows
			b = -scale*sum/rows - a*float64(mean[k])
		}
		coef[2*c+k], coef[3*c+k] = float32(a), float32(b)
	}
}

func batchNormReduceTile(j *job, tile, _ int) {
	c := j.i[1]
	lo, hi := tile*j.i[2], min(j.i[0], (tile+1)*j.i[2])
	part := j.t[0][tile*2*c:][:2*c]
	if active != nil {
		active.normReduce(hi-lo, c, j.x[lo*c:], from(j.w, lo*c), j.b[lo*c:], j.t[2], j.t[1], j.act, true, part)
		return
	}
	clear(part)
	sum, dot, mean := part[:c], part[c:], j.t[1]
	for r := lo; r < hi; r++ {
		x, dy := j.x[r*c:][:c], j.b[r*c:][:c]
		for k, v := range x {
			if j.passes(r*c+k, k, v) {
				sum[k] += dy[k]
				dot[k] += dy[k] * (v - mean[k])
			}
		}
	}
}

// passes says whether the activation lets the gradient through at element i of channel k, whose x is v.
func (j *job) passes(i, k int, v float32) bool {
	if j.act == None {
		return true
	}
	if j.w != nil {
		return j.act.passes(j.w[i])
	}
	c := j.i[1]
	return j.act.passes(v*j.t[2][k] + j.t[2][c+k])
}

func batchNormBackwardTile(j *job, tile, _ int) {
	c := j.i[1]
	lo, hi := tile*j.i[2], min(j.i[0], (tile+1)*j.i[2])
	coef := j.t[2]
	if active != nil {
		active.normBack(hi-lo, c, j.x[lo*c:], from(j.w, lo*c), j.b[lo*c:], coef, j.act, from(j.y, lo*c), from(j.t[3], lo*c))
		return
	}
	for i := lo * c; i < hi*c; i++ {
		k, v, dz := i%c, j.x[i], float32(0)
		if j.passes(i, k, v) {
			dz = j.b[i]
		}
		if j.t[3] != nil {
			j.t[3][i] = dz
		}
		if j.y != nil {
			j.y[i] = coef[k]*dz + coef[2*c+k]*v + coef[3*c+k]
		}
	}
}
