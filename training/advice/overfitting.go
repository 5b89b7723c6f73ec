package advice

import (
	"fmt"

	"viewfinder/storage/words"
)

// What overfits asks for. The figures were set on the recorded trainings in testdata and on synthetic curves; see TestOverfittingRates for how
// often they are wrong.
const (
	overfitsAfter  = 3    // evaluations after the best that are needed
	overfitsRise   = 0.05 // of the best loss
	overfitsSigmas = 2.5  // of the noise of the val curve
)

// overfits finds that the network has begun to learn the train images by heart.
//
// Let b be the evaluation with the lowest val loss, and "late" the second half of those after it, at least three. It overfits from b on if,
// late, taking medians,
//   - the val loss is higher than at b by more than a twentieth and by more than 2.5 times the noise of the val curve's second half,
//     and each late point is above b;
//   - the train loss is not higher than at b (if both rise, the training has gone astray: that is another finding); and so
//   - the gap between the two has grown.
func overfits(f Facts, c curves) *Finding {
	b, ok := c.bestVal()
	if !ok || len(c.train) != len(c.val) {
		return nil
	}
	after := c.val[b+1:]
	n := max(overfitsAfter, (len(after)+1)/2)
	if len(after) < n {
		return nil
	}
	late := tail(c.val, n)
	rise := median(late) - c.val[b]
	if rise < overfitsRise*c.val[b] || rise < overfitsSigmas*noise(tail(c.val, max(5, len(c.val)/2+1))) {
		return nil
	}
	for _, v := range late {
		if v <= c.val[b] {
			return nil
		}
	}
	if median(tail(c.train, n)) > c.train[b] {
		return nil
	}
	kept := ""
	if best := f.History.State.BestIteration; best > 0 {
		kept = fmt.Sprintf(" The version uses the weights of iteration %s, the best on val.", words.Number(best))
	}
	return &Finding{Kind: Overfitting, From: c.at[b], To: c.at[len(c.at)-1],
		Text: fmt.Sprintf("Overfitting since iteration %s: it still improves on the training set but gets worse on the validation set.%s More images, more augmentation or fewer iterations help.",
			words.Number(c.at[b]), kept),
		Evidence: fmt.Sprintf("val loss %s at iteration %s, now %s; train loss %s, now %s",
			number(c.val[b]), words.Number(c.at[b]), number(median(late)), number(c.train[b]), number(median(tail(c.train, n))))}
}

// bestVal is the evaluation with the lowest val loss.
func (c curves) bestVal() (int, bool) {
	if len(c.val) == 0 {
		return 0, false
	}
	b := 0
	for i, v := range c.val {
		if v < c.val[b] {
			b = i
		}
	}
	return b, true
}
