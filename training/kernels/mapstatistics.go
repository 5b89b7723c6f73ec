package kernels

import "math"

// StatisticsEpsilon is added to a variance before its root is taken.
const StatisticsEpsilon = 1e-5

// StatisticsShape is maps [N][Pixels][C] of which the statistics are taken over the pixels: of each channel the mean, then of each the deviation
// sqrt(variance + StatisticsEpsilon), the variance by the number of pixels; then, if Pairs, of each channel i with each channel j before it
// (1 with 0, 2 with 0, 2 with 1, ...) the correlation, covariance / (deviation i * deviation j).
type StatisticsShape struct {
	N, Pixels, C int
	Pairs        bool
}

// Len is how many numbers the statistics of an image are.
func (s StatisticsShape) Len() int {
	if s.Pairs {
		return 2*s.C + s.C*(s.C-1)/2
	}
	return 2 * s.C
}

// Scratch is how many float32 of scratch both directions need.
func (s StatisticsShape) Scratch() int { return s.N * s.own() }

// own is each image's: a pixel less the mean, and a row for each channel up to itself.
func (s StatisticsShape) own() int { return s.C + s.C*(s.C+1)/2 }

// statisticsBlock is how many pixels are added up in float32 before their sum joins the others', so that rounding grows with the root of their number at most.
const statisticsBlock = 256

// MapStatistics computes y [N][Len] of x.
func MapStatistics(p *Pool, s StatisticsShape, x, y, scratch []float32) {
	s.check(x, y, scratch)
	j := &p.begin().maps
	j.shape, j.x, j.y, j.scratch = s, x, y, scratch
	p.run(mapStatisticsTile{j}, s.N)
}

func (s StatisticsShape) check(x, y, scratch []float32) {
	if !(s.N > 0 && s.Pixels > 0 && s.C > 0 && len(x) == s.N*s.Pixels*s.C && len(y) == s.N*s.Len() && len(scratch) >= s.Scratch()) {
		fail("statistics of maps %+v: lengths x %d, y %d, scratch %d", s, len(x), len(y), len(scratch))
	}
}

// mapsJob is the job of both directions.
type mapsJob struct {
	shape        StatisticsShape
	x, y, dy, dx []float32
	scratch      []float32
}

type mapStatisticsTile struct{ *mapsJob }

func (j mapStatisticsTile) tile(n int, _ *workspace) {
	s := &j.shape
	c := s.C
	x, out := j.x[n*s.Pixels*c:][:s.Pixels*c], j.y[n*s.Len():][:s.Len()]
	own := j.scratch[n*s.own():][:s.own()]
	mean, deviation, pairs, z, block := out[:c], out[c:2*c], out[2*c:], own[:c], own[c:]
	clear(out)
	for from := 0; from < len(x); from += statisticsBlock * c {
		clear(z)
		for i := from; i < min(len(x), from+statisticsBlock*c); i += c {
			for k, v := range x[i : i+c] {
				z[k] += v
			}
		}
		for k, v := range z {
			mean[k] += v
		}
	}
	share := 1 / float32(s.Pixels)
	for k := range mean {
		mean[k] *= share
	}
	for from := 0; from < len(x); from += statisticsBlock * c {
		clear(block)
		for i := from; i < min(len(x), from+statisticsBlock*c); i += c {
			for k, v := range x[i : i+c] {
				z[k] = v - mean[k]
			}
			j.products(z, block)
		}
		row := block
		for k := range c {
			deviation[k] += row[k]
			if s.Pairs {
				for l, v := range row[:k] {
					pairs[l] += v
				}
				pairs = pairs[k:]
			}
			row = row[k+1:]
		}
		pairs = out[2*c:]
	}
	for k, v := range deviation {
		deviation[k] = float32(math.Sqrt(float64(v*share + StatisticsEpsilon)))
	}
	for k := 0; s.Pairs && k < c; k++ {
		for l := range pairs[:k] {
			pairs[l] *= share / (deviation[k] * deviation[l])
		}
		pairs = pairs[k:]
	}
}

// products adds to the rows in block each channel's product with those up to itself, or its square alone.
func (j *mapsJob) products(z, block []float32) {
	if !j.shape.Pairs {
		for k, v := range z {
			block[k] += v * v
			block = block[k+1:]
		}
		return
	}
	for k, v := range z {
		row := block[:k+1]
		for l, u := range z[:len(row)] {
			row[l] += v * u
		}
		block = block[k+1:]
	}
}

// MapStatisticsBackward computes dx from x, the statistics y and their gradients dy.
func MapStatisticsBackward(p *Pool, s StatisticsShape, x, y, dy, dx, scratch []float32) {
	s.check(x, y, scratch)
	if len(dy) != len(y) || len(dx) != len(x) {
		fail("statistics of maps backward %+v: lengths dy %d, dx %d", s, len(dy), len(dx))
	}
	j := &p.begin().maps
	j.shape, j.x, j.y, j.dy, j.dx, j.scratch = s, x, y, dy, dx, scratch
	p.run(mapStatisticsBackwardTile{j}, s.N)
}

type mapStatisticsBackwardTile struct{ *mapsJob }

// tile: with z = x - mean, d the deviations and r the correlations, dx = (dmean + W z) / pixels, where W is symmetric, has dr[i,j] / (d[i] d[j]) beside
// the diagonal and (dd[i] - sum over j of r[i,j] dr[i,j] / d[i]) / d[i] on it.
func (j mapStatisticsBackwardTile) tile(n int, _ *workspace) {
	s := &j.shape
	c := s.C
	x, dx := j.x[n*s.Pixels*c:][:s.Pixels*c], j.dx[n*s.Pixels*c:][:s.Pixels*c]
	y, dy := j.y[n*s.Len():][:s.Len()], j.dy[n*s.Len():][:s.Len()]
	own := j.scratch[n*s.own():][:s.own()]
	z, w := own[:c], own[c:]
	mean, deviation, dmean := y[:c], y[c:2*c], dy[:c]
	at := func(i, k int) *float32 { return &w[i*(i+1)/2+k] }
	for i := range c {
		*at(i, i) = dy[c+i]
	}
	for i, pair := 0, 2*c; i < c; i++ {
		for k := range i {
			if !s.Pairs {
				*at(i, k) = 0
				continue
			}
			r, dr := y[pair], dy[pair]
			pair++
			*at(i, k) = dr / (deviation[i] * deviation[k])
			*at(i, i) -= r * dr / deviation[i]
			*at(k, k) -= r * dr / deviation[k]
		}
	}
	for i := range c {
		*at(i, i) /= deviation[i]
	}
	share := 1 / float32(s.Pixels)
	for i := range w {
		w[i] *= share
	}
	for from := 0; from < len(x); from += c {
		out := dx[from : from+c]
		for k, v := range x[from : from+c] {
			z[k] = v - mean[k]
			out[k] = dmean[k] * share
		}
		row := w
		for i, v := range z {
			sum := row[i] * v
			if s.Pairs {
				for k, u := range row[:i] {
					sum += u * z[k]
					out[k] += u * v
				}
			}
			out[i] += sum
			row = row[i+1:]
		}
	}
}
