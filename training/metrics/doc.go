// Package metrics computes the figures by which networks are judged, from scores and truths alone.
package metrics

// Counts are right and wrong yes/no decisions on one concept.
type Counts struct{ TruePositives, FalsePositives, FalseNegatives, TrueNegatives int }

// Support is how often the concept is truly there.
func (c Counts) Support() int { return c.TruePositives + c.FalseNegatives }

// Precision is the share of the positive decisions that are right; 0 where there are none.
func (c Counts) Precision() float64 { return ratio(c.TruePositives, c.TruePositives+c.FalsePositives) }

// Recall is the share of the true occurrences that were found; 0 where there are none.
func (c Counts) Recall() float64 { return ratio(c.TruePositives, c.TruePositives+c.FalseNegatives) }

// F1 is the harmonic mean of precision and recall.
func (c Counts) F1() float64 {
	return ratio(2*c.TruePositives, 2*c.TruePositives+c.FalsePositives+c.FalseNegatives)
}

// Seen reports whether the concept occurs in truth or decision; one that does not is left out of means.
func (c Counts) Seen() bool { return c.TruePositives+c.FalsePositives+c.FalseNegatives > 0 }

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
