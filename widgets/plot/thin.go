package plot

import (
	"math"
	"sort"
)

// within returns the indexes [i, j) of the points between from and to, and one more on each side, so that lines reach the edges.
func within(x []float64, from, to float64) (i, j int) {
	i = sort.SearchFloat64s(x, from)
	j = i + sort.Search(len(x)-i, func(k int) bool { return x[i+k] > to })
	if i > 0 {
		i--
	}
	if j < len(x) {
		j++
	}
	return i, j
}

// thin keeps, for each of the columns between from and to, the first, the least, the greatest and the last point, and every gap as a
// NaN: what is drawn from them has the same pixels as what is drawn from all. It is the M4 aggregation of Jugel and others,
// "M4: A Visualization-Oriented Time Series Data Aggregation" (VLDB 2014). Curves of few points come back as they are.
func thin(x, y []float64, from, to float64, columns int) (tx, ty []float64) {
	i, j := within(x, from, to)
	if j-i <= 4*columns || columns < 1 || !(to > from) {
		return x[i:j], y[i:j]
	}
	tx, ty = make([]float64, 0, 4*columns+8), make([]float64, 0, 4*columns+8)
	perX := float64(columns) / (to - from)
	first, low, high, last := -1, -1, -1, -1
	flush := func() {
		if first < 0 {
			return
		}
		a, b := min(low, high), max(low, high)
		before := -1
		for _, k := range [4]int{first, a, b, last} {
			if k != before {
				tx, ty = append(tx, x[k]), append(ty, y[k])
				before = k
			}
		}
		first = -1
	}
	edge := math.Inf(-1) // the current column ends here
	for k := i; k < j; k++ {
		v := y[k]
		if v-v != 0 { // NaN or infinite
			flush()
			if n := len(ty); n > 0 && !math.IsNaN(ty[n-1]) {
				tx, ty = append(tx, x[k]), append(ty, math.NaN())
			}
			continue
		}
		if x[k] >= edge {
			flush()
			edge = from + (math.Floor((x[k]-from)*perX)+1)/perX
		}
		if first < 0 {
			first, low, high = k, k, k
		} else if v < y[low] {
			low = k
		} else if v > y[high] {
			high = k
		}
		last = k
	}
	flush()
	return tx, ty
}

// extent returns the least and greatest finite y between two values of x; ok is false if there is none. positive leaves out values of 0 and less.
func extent(x, y []float64, from, to float64, positive bool) (low, high float64, ok bool) {
	i := sort.SearchFloat64s(x, from)
	low, high = math.Inf(1), math.Inf(-1)
	for ; i < len(x) && x[i] <= to; i++ {
		v := y[i]
		if v-v != 0 || positive && v <= 0 {
			continue
		}
		if v < low {
			low = v
		}
		if v > high {
			high = v
		}
	}
	return low, high, low <= high
}
