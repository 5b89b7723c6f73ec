package nn

import (
	"math"

	"viewfinder/training/kernels"
)

// The layers in float64, as plainly as they can be written: what the operations are held against.

func refConv(s kernels.ConvShape, x, w, bias []float64) []float64 {
	y := make([]float64, s.OutputLen())
	perGroup, outGroup := s.C/s.Groups, s.K/s.Groups
	for n := range s.N {
		for r := range s.OutH() {
			for q := range s.OutW() {
				for k := range s.K {
					sum := 0.0
					if bias != nil {
						sum = bias[k]
					}
					for c := range perGroup {
						for a := range s.KH {
							for b := range s.KW {
								h, v := r*s.StrideH-s.PadH+a, q*s.StrideW-s.PadW+b
								if h >= 0 && h < s.H && v >= 0 && v < s.W {
									sum += x[((n*s.H+h)*s.W+v)*s.C+k/outGroup*perGroup+c] * w[((k*perGroup+c)*s.KH+a)*s.KW+b]
								}
							}
						}
					}
					y[((n*s.OutH()+r)*s.OutW()+q)*s.K+k] = sum
				}
			}
		}
	}
	return y
}

func refAct(act kernels.Activation, x float64) float64 {
	switch act {
	case kernels.ReLU:
		return max(x, 0)
	case kernels.ReLU6:
		return min(max(x, 0), 6)
	}
	return x
}

// refNorm is batch norm with x's own statistics, the residual (or nil) added before the activation.
func refNorm(channels int, act kernels.Activation, x, gamma, beta, residual []float64) []float64 {
	y := make([]float64, len(x))
	rows := len(x) / channels
	for c := range channels {
		mean, variance := 0.0, 0.0
		for r := range rows {
			mean += x[r*channels+c] / float64(rows)
		}
		for r := range rows {
			d := x[r*channels+c] - mean
			variance += d * d / float64(rows)
		}
		for r := range rows {
			i := r*channels + c
			y[i] = (x[i]-mean)/math.Sqrt(variance+normEpsilon)*gamma[c] + beta[c]
			if residual != nil {
				y[i] += residual[i]
			}
			y[i] = refAct(act, y[i])
		}
	}
	return y
}

// refPool folds each window with f, from start; n is the number of the window's pixels within the map.
func refPool(s kernels.PoolShape, x []float64, start float64, f func(a, b float64) float64, end func(v float64) float64) []float64 {
	y := make([]float64, s.OutputLen())
	for n := range s.N {
		for r := range s.OutH() {
			for q := range s.OutW() {
				for c := range s.C {
					v := start
					for a := range s.KH {
						for b := range s.KW {
							h, w := r*s.StrideH-s.PadH+a, q*s.StrideW-s.PadW+b
							if h >= 0 && h < s.H && w >= 0 && w < s.W {
								v = f(v, x[((n*s.H+h)*s.W+w)*s.C+c])
							}
						}
					}
					y[((n*s.OutH()+r)*s.OutW()+q)*s.C+c] = end(v)
				}
			}
		}
	}
	return y
}

func refMaxPool(s kernels.PoolShape, x []float64) []float64 {
	return refPool(s, x, math.Inf(-1), math.Max, func(v float64) float64 { return v })
}

func refAvgPool(s kernels.PoolShape, x []float64) []float64 {
	return refPool(s, x, 0, func(a, b float64) float64 { return a + b }, func(v float64) float64 { return v / float64(s.KH*s.KW) })
}

// refStatistics is mapStatistics of x [n][h][w][c].
func refStatistics(shape []int, pairs bool, x []float64) (y []float64) {
	c, pixels := shape[3], shape[1]*shape[2]
	for n := range shape[0] {
		of := func(i, p int) float64 { return x[(n*pixels+p)*c+i] }
		mean, deviation := make([]float64, c), make([]float64, c)
		covariance := func(i, k int) float64 {
			sum := 0.0
			for p := range pixels {
				sum += (of(i, p) - mean[i]) * (of(k, p) - mean[k]) / float64(pixels)
			}
			return sum
		}
		for i := range c {
			for p := range pixels {
				mean[i] += of(i, p) / float64(pixels)
			}
			deviation[i] = math.Sqrt(covariance(i, i) + StatisticsEpsilon)
		}
		y = append(append(y, mean...), deviation...)
		for i := 0; pairs && i < c; i++ {
			for k := range i {
				y = append(y, covariance(i, k)/(deviation[i]*deviation[k]))
			}
		}
	}
	return y
}

func refUpsampleAdd(x, fine []int, in, add []float64) []float64 {
	y := make([]float64, len(add))
	for n := range fine[0] {
		for r := range fine[1] {
			for q := range fine[2] {
				for c := range fine[3] {
					i := ((n*fine[1]+r)*fine[2]+q)*fine[3] + c
					y[i] = add[i] + in[((n*x[1]+r*x[1]/fine[1])*x[2]+q*x[2]/fine[2])*x[3]+c]
				}
			}
		}
	}
	return y
}

func refCrossEntropy(classes int, logits, labels []float64, weights []float32, smoothing float64) float64 {
	loss, total := 0.0, 0.0
	for i, label := range labels {
		row, sum := logits[i*classes:][:classes], 0.0
		for _, v := range row {
			sum += math.Exp(v)
		}
		for c, v := range row {
			share := smoothing / float64(classes)
			if c == int(label) {
				share += 1 - smoothing
				total += float64(weights[c])
			}
			loss -= share * float64(weights[c]) * (v - math.Log(sum))
		}
	}
	return loss / total
}

func refDetectionLoss(m detectionMap, out, target []float64, weights []float32) float64 {
	cells := m.n * m.h * m.w
	boxes, loss := 0.0, 0.0
	for i := range cells {
		o, t := out[i*(m.classes+4):][:m.classes+4], target[i*(m.classes+6):][:m.classes+6]
		if t[m.classes+4] == 1 {
			boxes++
		}
		for k := range m.classes {
			q := min(max(1/(1+math.Exp(-o[k])), 1e-4), 1-1e-4)
			if t[k] == 1 {
				loss -= float64(weights[k]) * math.Pow(1-q, 2) * math.Log(q)
			} else {
				loss -= float64(weights[k]) * math.Pow(1-t[k], 4) * q * q * math.Log(1-q)
			}
		}
		o, t = o[m.classes:], t[m.classes:]
		if t[4] == 0 {
			continue
		}
		w, h := math.Log(1+math.Exp(o[0])), math.Log(1+math.Exp(o[1]))
		across := func(centre, size, wantCentre, wantSize float64) (inner, hull float64) {
			inner = min(centre+size/2, wantCentre+wantSize/2) - max(centre-size/2, wantCentre-wantSize/2)
			return max(inner, 0), max(centre+size/2, wantCentre+wantSize/2) - min(centre-size/2, wantCentre-wantSize/2)
		}
		ix, cx := across(o[2], w, t[2], t[0])
		iy, cy := across(o[3], h, t[3], t[1])
		union := w*h + t[0]*t[1] - ix*iy
		loss += 2 * t[4] * t[5] * (1 - (ix*iy/union - (cx*cy-union)/(cx*cy)))
	}
	return loss / max(boxes, 1)
}
