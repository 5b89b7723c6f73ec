package judge

import "viewfinder/app/studio"

// cellDatapoints lists the datapoints behind a cell of the confusion matrix of a classification.
func cellDatapoints(e *studio.Evaluation, view int64, truth, predicted int) []studio.Key {
	var list []studio.Key
	for i, s := range e.Samples {
		if i >= len(e.Predictions) || len(s.Labels) != 1 || s.Labels[0] != truth {
			continue
		}
		best := -1
		for k, v := range e.Predictions[i].Scores {
			if best < 0 || v > e.Predictions[i].Scores[best] {
				best = k
			}
		}
		if best != predicted {
			continue
		}
		if d, ok := studio.ParseSampleKey(view, s.Key); ok {
			list = append(list, d)
		}
	}
	return list
}
