package kernels

// BatchNormMaxPoolForward computes MaxPool(Act(BatchNorm(x))) in one sweep, without writing what lies between. x is
// [N][H][W][C] of the pooling's shape, with s.Rows = N*H*W; y and index [N][OutH][OutW][C]. scratch at least 2*C floats.
func BatchNormMaxPoolForward(p *Pool, s BatchNormShape, pool PoolShape, x, gamma, beta, mean, variance, y []float32, index []uint8, scratch []float32) {
	s.checkChannels(gamma, beta, mean, variance)
	pool.check()
	if !(s.C == pool.C && s.Rows == pool.N*pool.H*pool.W && len(x) == pool.InputLen() && len(y) == pool.OutputLen() && len(index) == len(y)) {
		fail("batch norm with pooling: %+v, %+v, lengths x %d, y %d, index %d", s, pool, len(x), len(y), len(index))
	}
	scale, shift := scratch[:s.C], scratch[s.C:2*s.C]
	BatchNormFold(s, gamma, beta, mean, variance, scale, shift)
	j := &p.begin().pool
	j.act, j.shape, j.x, j.y, j.index = s.Act, pool, x, y, index
	j.scale, j.shift = scale, shift
	p.run(maxPoolRow{j}, pool.N*pool.OutH())
}

// BatchNormMaxPoolScratch is how many floats of scratch BatchNormMaxPoolBackward needs.
func BatchNormMaxPoolScratch(pool PoolShape) int { return pool.N*pool.H*2*pool.C + 4*pool.C }

// BatchNormMaxPoolBackward computes dx [N][H][W][C], dgamma and dbeta from dy [N][OutH][OutW][C], x, y and index of the
// forward pass. scratch at least BatchNormMaxPoolScratch floats.
func BatchNormMaxPoolBackward(p *Pool, s BatchNormShape, pool PoolShape, x, y []float32, index []uint8, dy, gamma, beta, mean, variance, dx, dgamma, dbeta, scratch []float32) {
	s.checkChannels(gamma, beta, mean, variance, dgamma, dbeta)
	pool.check()
	if !(s.C == pool.C && s.Rows == pool.N*pool.H*pool.W && len(x) == pool.InputLen() && len(dx) == len(x) && len(y) == pool.OutputLen() && len(index) == len(y) && len(dy) == len(y)) {
		fail("batch norm with pooling backward: %+v, %+v, lengths x %d, dx %d, y %d, index %d, dy %d", s, pool, len(x), len(dx), len(y), len(index), len(dy))
	}
	if !(len(scratch) >= BatchNormMaxPoolScratch(pool)) {
		fail("batch norm with pooling backward: scratch of %d, want %d", len(scratch), BatchNormMaxPoolScratch(pool))
	}
	j := &p.begin().pool
	defer p.finish()
	rows := pool.N * pool.H
	n := rows * 2 * s.C
	coef := scratch[n : n+4*s.C]
	BatchNormFold(s, gamma, beta, mean, variance, coef[:s.C], coef[s.C:2*s.C])
	j.act, j.shape, j.x, j.y, j.dy, j.dx, j.index = s.Act, pool, x, y, dy, dx, index
	j.parts, j.mean, j.coef = scratch[:n], mean, coef
	p.reserve(pool.W * s.C)
	p.phase(batchNormPoolReduceRow{j}, rows)
	p.finishSums(s, scratch[:n], coef, mean, variance, dgamma, dbeta)
	p.phase(batchNormPoolBackwardRow{j}, rows)
}

type batchNormPoolReduceRow struct{ *poolJob }

func (j batchNormPoolReduceRow) tile(tile int, own *workspace) {
	s := &j.shape
	part := j.parts[tile*2*s.C:][:2*s.C]
	clear(part)
	sum, dot, mean := part[:s.C], part[s.C:], j.mean
	if active != nil {
		dz := own.floats(s.W * s.C)
		active.poolGatherRow(s, tile/s.H, tile%s.H, j.y, j.index, j.dy, j.act, dz)
		active.normReduce(s.W, s.C, j.x[tile*s.W*s.C:], nil, dz, j.coef, mean, None, true, part)
		return
	}
	dz := own.floats(s.C)
	for w := range s.W {
		j.gatherPooled(tile/s.H, tile%s.H, w, dz)
		for k, v := range j.x[(tile*s.W+w)*s.C:][:s.C] {
			sum[k] += dz[k]
			dot[k] += dz[k] * (v - mean[k])
		}
	}
}

type batchNormPoolBackwardRow struct{ *poolJob }

func (j batchNormPoolBackwardRow) tile(tile int, own *workspace) {
	s := &j.shape
	c, coef := s.C, j.coef
	if active != nil {
		dz, at := own.floats(s.W*c), tile*s.W*c
		active.poolGatherRow(s, tile/s.H, tile%s.H, j.y, j.index, j.dy, j.act, dz)
		active.normBack(s.W, c, j.x[at:], nil, dz, coef, None, j.dx[at:], nil)
		return
	}
	dz := own.floats(c)
	for w := range s.W {
		j.gatherPooled(tile/s.H, tile%s.H, w, dz)
		at := (tile*s.W + w) * c
		for k, v := range j.x[at:][:c] {
			j.dx[at+k] = coef[k]*dz[k] + coef[2*c+k]*v + coef[3*c+k]
		}
	}
}
