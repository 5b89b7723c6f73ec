package kernels

import "math"

// SoftmaxCrossEntropy returns the mean cross entropy of logits [n][classes] with labels [n], as PyTorch's
// CrossEntropyLoss: a label below 0 is left out; weights [classes] (or nil) weigh the classes, the mean is over the
// weights; smoothing moves that share of the label evenly to all classes. Where dlogits [n][classes] is not nil it gets
// the gradient. With no label at all the loss is 0 and so is the gradient.
func SoftmaxCrossEntropy(n, classes int, logits []float32, labels []int32, weights []float32, smoothing float32, dlogits []float32) float64 {
	if !(len(logits) == n*classes && len(labels) == n && (weights == nil || len(weights) == classes) && (dlogits == nil || len(dlogits) == len(logits))) {
		fail("cross entropy %d x %d: lengths logits %d, labels %d, weights %d, dlogits %d", n, classes, len(logits), len(labels), len(weights), len(dlogits))
	}
	total := 0.0
	for _, l := range labels {
		if !(int(l) < classes) {
			fail("cross entropy: label %d of %d classes", l, classes)
		}
		if l >= 0 {
			total += weightOf(weights, int(l))
		}
	}
	if dlogits != nil {
		clear(dlogits)
	}
	if total == 0 {
		return 0
	}
	all := 0.0 // sum of the classes' weights
	for c := range classes {
		all += weightOf(weights, c)
	}
	smooth := float64(smoothing) / float64(classes)
	loss := 0.0
	for i, l := range labels {
		if l < 0 {
			continue
		}
		row := logits[i*classes:][:classes]
		lse := logSumExp(row)
		own := (1 - float64(smoothing)) * weightOf(weights, int(l))
		loss += own * (lse - float64(row[l]))
		if smooth != 0 {
			for c, v := range row {
				loss += smooth * weightOf(weights, c) * (lse - float64(v))
			}
		}
		if dlogits == nil {
			continue
		}
		for c, v := range row {
			g := (own+smooth*all)*math.Exp(float64(v)-lse) - smooth*weightOf(weights, c)
			if c == int(l) {
				g -= own
			}
			dlogits[i*classes+c] = float32(g / total)
		}
	}
	return loss / total
}

func weightOf(weights []float32, class int) float64 {
	if weights == nil {
		return 1
	}
	return float64(weights[class])
}

func logSumExp(row []float32) float64 {
	top := math.Inf(-1)
	for _, v := range row {
		if float64(v) > top || v != v {
			top = float64(v)
		}
	}
	if math.IsInf(top, -1) {
		return top
	}
	sum := 0.0
	for _, v := range row {
		sum += math.Exp(float64(v) - top)
	}
	return top + math.Log(sum)
}

// SigmoidBCE returns the binary cross entropy of sigmoid(logits) with targets (0 to 1), both [n][classes], as PyTorch's
// BCEWithLogitsLoss: positive [classes] (or nil) weighs the yes terms, weights [n][classes] (or nil) weigh elements (0
// leaves one out); the mean is over all n*classes. Where dlogits is not nil it gets the gradient.
func SigmoidBCE(n, classes int, logits, targets, positive, weights, dlogits []float32) float64 {
	if !(len(logits) == n*classes && len(targets) == len(logits) && (positive == nil || len(positive) == classes) && (weights == nil || len(weights) == len(logits)) && (dlogits == nil || len(dlogits) == len(logits))) {
		fail("binary cross entropy %d x %d: lengths logits %d, targets %d, positive %d, weights %d, dlogits %d", n, classes, len(logits), len(targets), len(positive), len(weights), len(dlogits))
	}
	count, loss := float64(n*classes), 0.0
	for i, v := range logits {
		x, t, w := float64(v), float64(targets[i]), 1.0
		if weights != nil {
			w = float64(weights[i])
		}
		pos := weightOf(positive, i%classes)
		// log(sigmoid(x)) = -softplus(-x), log(1-sigmoid(x)) = -softplus(x)
		yes, no := Softplus(-x), Softplus(x)
		loss += w * (pos*t*yes + (1-t)*no)
		if dlogits != nil {
			s := 1 / (1 + math.Exp(-x))
			dlogits[i] = float32(w * ((1-t)*s - pos*t*(1-s)) / count)
		}
	}
	return loss / count
}

// Softplus is log(1 + exp(x)), a smooth max(x, 0).
func Softplus(x float64) float64 {
	return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x)))
}

// Sigmoid is 1 / (1 + exp(-x)).
func Sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
