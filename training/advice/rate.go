package advice

import (
	"fmt"

	"viewfinder/storage/domain"
	"viewfinder/storage/words"
)

// Bounds of the rules on the learning rate and the number of iterations.
const (
	settled   = 1. / 3 // share of the iterations after which the loss should no longer jump
	jumpTimes = 2.     // a jump is at least so many times the loss before it,
	jumpShare = 0.25   // and at least this share of what a network that knows nothing makes
	blownUp   = 2.     // the loss went up to so many times that of the first batch
	guessing  = 0.95   // and is still above this share of it: no better than guessing
	flatShare = 0.05   // the loss fell by less than this share of the first batch's
	flatAfter = 0.3    // of the iterations,
	flatLeast = 50     // and after so many of them at least: before, a warm-up and the momentum's start look the same
	flatEvals = 5      // and so many evaluations
	learnt    = 0.95   // accuracy on train from which more iterations have nothing more to teach, where
	apart     = 0.1    // that on val is lower by at least this
	fallShare = 0.05   // the val loss fell by at least this share in the last third
	fallTrain = 0.1    // and the train loss by this one
	fallPairs = 0.8    // of the pairs of val losses in the second half, the later is lower
)

// tooHigh finds a learning rate that is too high: either the loss of the train set jumps after a third of the iterations (to at least twice what
// it was, and by at least a quarter of the first batch's loss), or the loss blew up to twice the first batch's and, a third of the iterations
// done, is still no better than guessing.
func tooHigh(f Facts, c curves) *Finding {
	const do = "The learning rate is too high: train again with a third or a tenth of it, or with a longer warm-up."
	if len(c.train) == 0 || c.first <= 0 {
		return nil
	}
	begin := int(settled * float64(c.last))
	for i := 1; i < len(c.train); i++ {
		before, now := c.train[i-1], c.train[i]
		if c.at[i] > begin && now >= jumpTimes*before && now-before >= jumpShare*c.first {
			return &Finding{Kind: LearningRateHigh, From: c.at[i-1], To: c.at[i],
				Text:     fmt.Sprintf("The loss rose sharply at iteration %s. %s", words.Number(c.at[i]), do),
				Evidence: fmt.Sprintf("loss on the training set %s at iteration %s, %s at %s", number(before), words.Number(c.at[i-1]), number(now), words.Number(c.at[i]))}
		}
	}
	now := c.train[len(c.train)-1]
	if at := c.at[len(c.at)-1]; at >= begin && len(c.train) >= 3 && c.highest >= blownUp*c.first && median(tail(c.train, 3)) >= guessing*c.first {
		return &Finding{Kind: LearningRateHigh, From: c.at[0], To: at,
			Text:     "The loss diverged at the beginning, and the network has not learned since. " + do,
			Evidence: fmt.Sprintf("loss of the first batch %s, then up to %s, now %s", number(c.first), number(c.highest), number(now))}
	}
	return nil
}

// tooLow finds a learning rate that is too low: three tenths of the iterations done, at least fifty of them and five evaluations, and neither the
// loss of the train set nor that of the batches (median of the last ten) has fallen by a twentieth of the first batch's, without ever having blown up.
func tooLow(f Facts, c curves) *Finding {
	if len(c.train) < flatEvals || c.first <= 0 || c.highest >= blownUp*c.first {
		return nil
	}
	at, now := c.at[len(c.at)-1], median(tail(c.train, 3))
	if at < flatLeast || float64(at) < flatAfter*float64(c.last) || c.first-now >= flatShare*c.first || now > c.first*(1+flatShare) {
		return nil
	}
	var batches []float64
	for _, p := range c.batch[max(0, len(c.batch)-10):] {
		batches = append(batches, p.Value)
	}
	if c.first-median(batches) >= flatShare*c.first {
		return nil // it learns, and the evaluations are yet to show it
	}
	if most := maximum(c.trainAccuracy); f.Task == domain.Classification && c.trainAccuracy != nil && most > 0.9 {
		return nil // it began with good weights, and there was nothing left to learn
	}
	return &Finding{Kind: LearningRateLow, From: c.at[0], To: at,
		Text:     "The loss hardly moves: the learning rate may be too low. Train again with ten times as much. If that does not help, the images may not show the difference between the concepts at this size.",
		Evidence: fmt.Sprintf("loss of the first batch %s, on the training set now %s after %s iterations", number(c.first), number(now), words.Number(at))}
}

func maximum(values []float64) float64 {
	m := 0.
	for _, v := range values {
		m = max(m, v)
	}
	return m
}

// stoppedEarly finds, once a training is over, that more iterations would have made it better: the last val loss is the lowest of all; of the
// pairs of val losses in the second half, eight of ten fall (Kendall's rank correlation with time is -0.6 or less); and in the last third the val
// loss fell by a twentieth and the train loss by a tenth. There is no finding where the train images are known already (accuracy of 95 % or more) and val
// stays a tenth or more behind: more iterations would learn the train images by heart.
func stoppedEarly(f Facts, c curves) *Finding {
	n := len(c.val)
	if !c.ended || n < 5 || len(c.train) != n || c.iteration < c.last { // where it ended by early stopping, that knew better
		return nil
	}
	if t, v := len(c.trainAccuracy), len(c.valAccuracy); t > 0 && v > 0 && c.trainAccuracy[t-1] >= learnt && c.trainAccuracy[t-1]-c.valAccuracy[v-1] >= apart {
		return nil
	}
	b, _ := c.bestVal()
	from := n - 1 - max(2, n/3)
	if b != n-1 || c.val[from]-c.val[b] < fallShare*c.val[from] || c.train[from]-c.train[b] < fallTrain*c.train[from] || falling(c.val[n/2:]) < fallPairs {
		return nil
	}
	return &Finding{Kind: StoppedEarly, From: c.at[from], To: c.at[n-1],
		Text:     fmt.Sprintf("It was still improving at the end: train again with twice the iterations (%s), from these weights or from scratch.", words.Number(2*c.last)),
		Evidence: fmt.Sprintf("val loss %s at iteration %s, %s at the end", number(c.val[from]), words.Number(c.at[from]), number(c.val[b]))}
}

// falling is the share of pairs of values of which the later one is lower.
func falling(values []float64) float64 {
	down, pairs := 0, 0
	for i := range values {
		for _, later := range values[i+1:] {
			pairs++
			if later < values[i] {
				down++
			}
		}
	}
	return float64(down) / float64(max(1, pairs))
}
