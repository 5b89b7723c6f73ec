// Package samples checks the input of learners without a network: numbers that describe samples, and the classes that the samples have.
package samples

import "errors"

// ErrShape: samples, labels and features do not belong together.
var ErrShape = errors.New("samples and labels do not belong together")

// Check returns ErrShape unless there are samples x [samples][features], all of the same features, labels [samples] for each, and each label is one of the classes.
func Check(x [][]float32, labels [][]int, classes int) error {
	if len(x) == 0 || len(x) != len(labels) || classes < 1 {
		return ErrShape
	}
	for i, row := range x {
		if len(row) != len(x[0]) {
			return ErrShape
		}
		for _, c := range labels[i] {
			if c < 0 || c >= classes {
				return ErrShape
			}
		}
	}
	return nil
}
