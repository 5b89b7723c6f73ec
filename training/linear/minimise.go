package linear

import (
	"context"
	"errors"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// Rules of the search for the least value.
const (
	iterations = 300  // at most
	memory     = 10   // pairs of steps and changes of the gradient that are kept
	flat       = 1e-6 // largest component of a gradient that ends it
	still      = 1e-8 // relative change of the value that ends it, twice in a row
)

var errNotFinite = errors.New("linear: the features hold something that is not a number")

// solve brings theta to the least value by L-BFGS (Nocedal and Wright, Numerical Optimization, 2006, algorithm 7.5) with backtracking: the objective
// is smooth and strictly convex in the weights. gonum's optimize would bring another module for it, and computes value and gradient apart.
func (o *objective) solve(ctx context.Context, theta []float64) error {
	n := len(theta)
	g, next, nextG, step := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	var steps, changes [][]float64
	value, quiet := o.value(theta, g), 0
	for range iterations {
		if err := ctx.Err(); err != nil {
			return err
		}
		if math.IsNaN(value) || math.IsInf(value, 0) {
			return errNotFinite
		}
		if floats.Norm(g, math.Inf(1)) < flat {
			return nil
		}
		direction(step, g, steps, changes)
		slope := floats.Dot(step, g)
		if slope >= 0 { // rounding: begin anew with the steepest descent
			steps, changes = nil, nil
			direction(step, g, nil, nil)
			slope = floats.Dot(step, g)
		}
		rate := 1.0
		if len(steps) == 0 {
			rate = min(1, 1/floats.Norm(g, 2))
		}
		to := math.Inf(1)
		for range 40 {
			floats.AddScaledTo(next, theta, rate, step)
			if to = o.value(next, nextG); to <= value+1e-4*rate*slope {
				break
			}
			rate /= 2
		}
		if !(to < value) { // no lower value differs from this one in floating point
			return nil
		}
		s, y := make([]float64, n), make([]float64, n)
		floats.SubTo(s, next, theta)
		floats.SubTo(y, nextG, g)
		if floats.Dot(s, y) > 1e-12*floats.Dot(y, y) {
			steps, changes = append(steps, s), append(changes, y)
			if len(steps) > memory {
				steps, changes = slices.Delete(steps, 0, 1), slices.Delete(changes, 0, 1)
			}
		}
		if value-to < still*max(1e-3, math.Abs(value)) {
			quiet++
		} else {
			quiet = 0
		}
		value = to
		copy(theta, next)
		g, nextG = nextG, g
		if quiet == 2 {
			return nil
		}
	}
	return nil
}

// direction is where to go from a place with gradient g.
func direction(d, g []float64, steps, changes [][]float64) {
	copy(d, g)
	alpha := make([]float64, len(steps))
	for i := len(steps) - 1; i >= 0; i-- {
		alpha[i] = floats.Dot(steps[i], d) / floats.Dot(steps[i], changes[i])
		floats.AddScaled(d, -alpha[i], changes[i])
	}
	if k := len(steps) - 1; k >= 0 {
		floats.Scale(floats.Dot(steps[k], changes[k])/floats.Dot(changes[k], changes[k]), d)
	}
	for i, s := range steps {
		beta := floats.Dot(changes[i], d) / floats.Dot(s, changes[i])
		floats.AddScaled(d, alpha[i]-beta, s)
	}
	floats.Scale(-1, d)
}
