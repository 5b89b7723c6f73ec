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
	j := p.begin()
	j.act, j.pl, j.x, j.y, j.bytes = s.Act, pool, x, y, index
	j.t[0], j.t[1] = scale, shift
	p.run(maxPoolRow, pool.N*pool.OutH())
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
	j := p.begin()
	defer p.finish()
	rows := pool.N * pool.H
	n := rows * 2 * s.C
	coef := scratch[n : n+4*s.C]
	BatchNormFold(s, gamma, beta, mean, variance, coef[:s.C], coef[s.C:2*s.C])
	j.act, j.pl, j.x, j.w, j.b, j.y, j.bytes = s.Act, pool, x, y, dy, dx, index
	j.t[0], j.t[1], j.t[2] = scratch[:n], mean, coef
	p.reserve(pool.W * s.C)
	p.phase(batchNormPoolReduceRow, rows)
	j.finishSums(s, scratch[:n], coef, gamma, mean, variance, dgamma, dbeta)
	p.phase(batchNormPoolBackwardRow, rows)
}

func batchNormPoolReduceRow(j *job, tile, worker int) {
	s := &j.pl
	part := j.t[0][tile*2*s.C:][:2*s.C]
	clear(part)
	sum, dot, mean := part[:s.C], part[s.C:], j.t[1]
	if active != nil {
		dz := j.pool.scratch(worker, s.W*s.C)
		active.poolGatherRow(s, tile/s.H, tile%s.H, j.w, j.bytes, j.b, j.act, dz)
		active.normReduce(s.W, s.C, j.x[tile*s.W*s.C:], nil, dz, j.t[2], mean, None, true, part)
		return
	}
	dz := j.pool.scratch(worker, s.C)
	for w := range s.W {
		j.gatherPooled(tile/s.H, tile%s.H, w, dz)
		for k, v := range j.x[(tile*s.W+w)*s.C:][:s.C] {
			sum[k] += dz[k]
			dot[k] += dz[k] * (v - mean[k])
		}
	}
}

func batchNormPoolBackwardRow(j *job, tile, worker int) {
	s := &j.pl
	c, coef := s.C, j.t[2]
	if active != nil {
		dz, at := j.pool.scratch(worker, s.W*c), tile*s.W*c
		active.poolGatherRow(s, tile/s.H, tile%s.H, j.w, j.bytes, j.b, j.act, dz)
		active.normBack(s.W, c, j.x[at:], nil, dz, coef, None, j.y[at:], nil)
		return
	}
	dz := j.pool.scratch(worker, c)
	for w := range s.W {
		j.gatherPooled(tile/s.H, tile%s.H, w, dz)
		at := (tile*s.W + w) * c
		for k, v := range j.x[at:][:c] {
			j.y[at+k] = coef[k]*dz[k] + coef[2*c+k]*v + coef[3*c+k]
		}
	}
}
