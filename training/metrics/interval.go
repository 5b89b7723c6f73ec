package metrics

import (
	"fmt"
	"math"
	"strings"

	"viewfinder/storage/words"
)

// Interval is where the true value lies with 95% confidence.
type Interval struct{ Low, High float64 }

// Figure is a value with its uncertainty, from so many observations.
type Figure struct {
	Value float64
	Interval
	Of int
}

// normal95 is the 97.5% quantile of the normal distribution.
const normal95 = 1.959963984540054

// Wilson is the score interval of a share of k in n (Wilson 1927), which holds for few observations and for shares near 0 and 1 too.
func Wilson(k, n int) Interval {
	if n == 0 {
		return Interval{0, 1}
	}
	p, m := float64(k)/float64(n), float64(n)
	z2 := normal95 * normal95
	middle := (p + z2/(2*m)) / (1 + z2/m)
	half := normal95 / (1 + z2/m) * math.Sqrt(p*(1-p)/m+z2/(4*m*m))
	i := Interval{max(0, middle-half), min(1, middle+half)}
	if k == 0 {
		i.Low = 0
	}
	if k == n {
		i.High = 1
	}
	return i
}

// share is a proportion as a figure.
func share(k, n int) Figure { return Figure{Value: ratio(k, n), Interval: Wilson(k, n), Of: n} }

// Words writes the figure for people: "87% ± 3, from 260 images". Where up and down differ, as for few observations, the limits are named: "100% (72 to 100),
// from 10 images". unit is in the plural.
func (f Figure) Words(unit string) string {
	if f.Of == 0 {
		return "unknown: from no " + unit
	}
	if f.Of == 1 {
		unit = strings.TrimSuffix(unit, "s")
	}
	return f.Short() + ", from " + words.Number(f.Of) + " " + unit
}

// Short is Words without how many observations there are.
func (f Figure) Short() string {
	value, low, high := math.Round(100*f.Value), math.Round(100*f.Low), math.Round(100*f.High)
	down, up := value-low, high-value
	if math.Abs(down-up) <= 2 {
		return fmt.Sprintf("%.0f%% ± %.0f", value, max(1, math.Round(50*(f.High-f.Low))))
	}
	return fmt.Sprintf("%.0f%% (%.0f to %.0f)", value, low, high)
}

// clustered is the mean of values, one a sample, with the interval that their spread gives; where they do not differ, Wilson's for as many
// whole samples.
func clustered(sum, squares float64, n int) Figure {
	if n == 0 {
		return Figure{Interval: Interval{0, 1}}
	}
	m := float64(n)
	mean := sum / m
	variance := max(0, squares/m-mean*mean)
	f := Figure{Value: mean, Of: n}
	if variance == 0 || n < 2 {
		f.Interval = Wilson(int(math.Round(mean*m)), n)
		return f
	}
	half := normal95 * math.Sqrt(variance/(m-1))
	f.Interval = Interval{max(0, mean-half), min(1, mean+half)}
	return f
}
