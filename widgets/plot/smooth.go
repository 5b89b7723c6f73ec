package plot

import "math"

// Smooth returns the time-weighted exponential moving average of a curve, without the bias of its first values. weight is 0 (the
// values themselves) to 1 (exclusive). The weight is per thousandth of the curve's range of x (width), not per point, so that a
// position of the slider means the same for 500 and for 1,000,000 iterations; points further apart than that weigh more.
// Gaps stay gaps. It is the scheme of Weights & Biases ("time weighted exponential moving average").
func Smooth(x, y []float64, weight, width float64) []float64 {
	out := make([]float64, len(y))
	if weight <= 0 || width <= 0 {
		copy(out, y)
		return out
	}
	weight = math.Min(weight, 0.999)
	var mean, mass float64
	lastX, lastStep, decay := math.Inf(-1), math.NaN(), 0.0
	for i, v := range y {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			out[i] = math.NaN()
			continue
		}
		step := x[i] - lastX
		if step != lastStep {
			// Iterations are mostly evenly spaced, so that the power is seldom computed.
			decay, lastStep = math.Pow(weight, step*1000/width), step
		}
		lastX = x[i]
		mean = mean*decay + v*(1-decay)
		mass = mass*decay + (1 - decay)
		if mass > 0 {
			out[i] = mean / mass
		} else {
			out[i] = v
		}
	}
	return out
}
