package library

import (
	"strconv"
	"strings"

	"viewfinder/app/studio"
)

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
		if d, ok := datapointOf(view, s.Key); ok {
			list = append(list, d)
		}
	}
	return list
}

// datapointOf reads the key of a sample: "image", "image:source", each perhaps with "/region" behind.
func datapointOf(view int64, key string) (studio.Key, bool) {
	key, _, _ = strings.Cut(key, "/")
	image, source, has := strings.Cut(key, ":")
	d := studio.Key{View: view}
	var err error
	if d.Image, err = strconv.ParseInt(image, 10, 64); err != nil {
		return d, false
	}
	if has {
		if d.Source, err = strconv.ParseInt(source, 10, 64); err != nil {
			return d, false
		}
	}
	return d, true
}
