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

// tileRows are the rows of a tile.
func (s *BatchNormShape) tileRows(tile int) (lo, hi int) {
	rows := s.statRows()
	return tile * rows, min(s.Rows, (tile+1)*rows)
}

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
	j := &p.begin().stats
	defer p.finish()
	j.shape, j.x, j.parts = s, x, scratch
	p.phase(statsTile{j}, s.parts())
	n := s.parts() * partLen(s.C)
	p.joinStats(s.C, s.parts(), scratch[:n], scratch[n:], mean, variance)
}

// statsJob is the job of BatchNormStats: parts gets the statistics of each tile.
type statsJob struct {
	shape    BatchNormShape
	x, parts []float32
}

type statsTile struct{ *statsJob }

func (j statsTile) tile(tile int, _ *workspace) {
	c := j.shape.C
	lo, hi := j.shape.tileRows(tile)
	partStats(c, j.x[lo*c:hi*c], j.parts[tile*partLen(c):][:partLen(c)])
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

// joinJob is the job of joinStats.
type joinJob struct {
	c, n                  int
	parts, mean, variance []float32
	sums                  []float64 // [2][c]
}

// joinStats joins the statistics of n parts in order, as a phase of the operation in flight. work has 4*c floats.
func (p *Pool) joinStats(c, n int, parts, work, mean, variance []float32) {
	j := &p.jobs.join
	*j = joinJob{c: c, n: n, parts: parts, sums: doubles(work[:4*c]), mean: mean, variance: variance}
	p.phase(joinStatsTile{j}, ceilDiv(c, sumChannels))
}

type joinStatsTile struct{ *joinJob }

func (j joinStatsTile) tile(tile int, _ *workspace) {
	c, n := j.c, j.n
	lo, hi := tile*sumChannels, min(c, (tile+1)*sumChannels)
	m, m2 := j.sums[lo:hi], j.sums[c+lo:c+hi]
	clear(m)
	clear(m2)
	count := 0.0
	for i := range n {
		part := j.parts[i*partLen(c):][:partLen(c)]
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
		j.mean[lo+k], j.variance[lo+k] = float32(m[k]), float32(m2[k]/count)
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
	j := &p.begin().norm
	j.shape, j.x, j.residual, j.y, j.coef = s, x, residual, y, scratch[:2*s.C]
	p.run(batchNormForwardTile{j}, s.parts())
}

// normJob is the job of a batch norm in both directions. coef is scale and shift [2][C] forward; backward [4][C]: scale, shift,
// and a, b of dx = scale*dz + a*x + b. parts gets the sums of each tile.
type normJob struct {
	shape             BatchNormShape
	x, residual, y    []float32
	dy, dx, dres      []float32
	mean, coef, parts []float32
}

type batchNormForwardTile struct{ *normJob }

func (j batchNormForwardTile) tile(tile int, _ *workspace) {
	c := j.shape.C
	lo, hi := j.shape.tileRows(tile)
	scale, shift, act := j.coef[:c], j.coef[c:], j.shape.Act
	if active != nil {
		active.normApply(hi-lo, c, j.x[lo*c:], from(j.residual, lo*c), scale, shift, act, j.y[lo*c:])
		return
	}
	for r := lo; r < hi; r++ {
		x, y := j.x[r*c:][:c], j.y[r*c:][:c]
		if j.residual != nil {
			for k, v := range j.residual[r*c:][:c] {
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
	j := &p.begin().norm
	defer p.finish()
	n := s.parts() * 2 * s.C
	coef := scratch[n : n+4*s.C]
	BatchNormFold(s, gamma, beta, mean, variance, coef[:s.C], coef[s.C:2*s.C])
	j.shape, j.x, j.y, j.dy, j.dx, j.dres = s, x, y, dy, dx, dres
	j.parts, j.mean, j.coef = scratch, mean, coef
	p.phase(batchNormReduceTile{j}, s.parts())
	p.finishSums(s, scratch[:n], coef, mean, variance, dgamma, dbeta)
	if dx != nil || dres != nil {
		p.phase(batchNormBackwardTile{j}, s.parts())
	}
}

// finishSums adds the parts' sums of dz and dz*(x-mean) in order into dbeta and dgamma, and replaces coef [4][C] (scale, shift, -,
// -) by (scale, shift, a, b) with dx = scale*dz + a*x + b, as a phase of the operation in flight.
func (p *Pool) finishSums(s BatchNormShape, parts, coef, mean, variance, dgamma, dbeta []float32) {
	j := &p.jobs.sums
	*j = sumsJob{shape: s, parts: parts, coef: coef, mean: mean, variance: variance, dgamma: dgamma, dbeta: dbeta}
	p.phase(finishSumsTile{j}, ceilDiv(s.C, sumChannels))
}

// sumsJob is the job of finishSums.
type sumsJob struct {
	shape                                      BatchNormShape
	parts, coef, mean, variance, dgamma, dbeta []float32
}

type finishSumsTile struct{ *sumsJob }

func (j finishSumsTile) tile(tile int, _ *workspace) {
	s, parts, mean, coef := &j.shape, j.parts, j.mean, j.coef
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
		inv := float64(s.invStd(j.variance[k]))
		j.dgamma[k], j.dbeta[k] = float32(dot*inv), float32(sum)
		a, b := 0.0, 0.0
		if !s.Frozen {
			scale, rows := float64(coef[k]), float64(s.Rows)
			a = -scale * inv * inv * dot / rows
			b = -scale*sum/rows - a*float64(mean[k])
		}
		coef[2*c+k], coef[3*c+k] = float32(a), float32(b)
	}
}

type batchNormReduceTile struct{ *normJob }

func (j batchNormReduceTile) tile(tile int, _ *workspace) {
	c := j.shape.C
	lo, hi := j.shape.tileRows(tile)
	part := j.parts[tile*2*c:][:2*c]
	if active != nil {
		active.normReduce(hi-lo, c, j.x[lo*c:], from(j.y, lo*c), j.dy[lo*c:], j.coef, j.mean, j.shape.Act, true, part)
		return
	}
	clear(part)
	sum, dot, mean := part[:c], part[c:], j.mean
	for r := lo; r < hi; r++ {
		x, dy := j.x[r*c:][:c], j.dy[r*c:][:c]
		for k, v := range x {
			if j.passes(r*c+k, k, v) {
				sum[k] += dy[k]
				dot[k] += dy[k] * (v - mean[k])
			}
		}
	}
}

// passes reports whether the activation lets the gradient through at element i of channel k, whose x is v.
func (j *normJob) passes(i, k int, v float32) bool {
	act := j.shape.Act
	if act == None {
		return true
	}
	if j.y != nil {
		return act.passes(j.y[i])
	}
	return act.passes(v*j.coef[k] + j.coef[j.shape.C+k])
}

type batchNormBackwardTile struct{ *normJob }

func (j batchNormBackwardTile) tile(tile int, _ *workspace) {
	c := j.shape.C
	lo, hi := j.shape.tileRows(tile)
	coef := j.coef
	if active != nil {
		active.normBack(hi-lo, c, j.x[lo*c:], from(j.y, lo*c), j.dy[lo*c:], coef, j.shape.Act, from(j.dx, lo*c), from(j.dres, lo*c))
		return
	}
	for i := lo * c; i < hi*c; i++ {
		k, v, dz := i%c, j.x[i], float32(0)
		if j.passes(i, k, v) {
			dz = j.dy[i]
		}
		if j.dres != nil {
			j.dres[i] = dz
		}
		if j.dx != nil {
			j.dx[i] = coef[k]*dz + coef[2*c+k]*v + coef[3*c+k]
		}
	}
}
