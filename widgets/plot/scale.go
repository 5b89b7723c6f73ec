package plot

import (
	"fmt"
	"math"

	chart "github.com/wcharczuk/go-chart/v2"
)

// Scale maps values to a distance in units and back: a go-chart range, linear or logarithmic. (go-chart's own logarithmic range begins at 1.)
type Scale struct {
	Span
	Log    bool
	domain int
}

var _ chart.Range = (*Scale)(nil)

// far keeps a translated value inside what the rasterizer takes; lines are clipped before anyway.
const far = 1 << 26

// At returns where a value stands between Min (0) and Max (1); NaN where it has no place.
func (s *Scale) At(value float64) float64 {
	if s.Log {
		if value <= 0 {
			return math.NaN()
		}
		return math.Log(value/s.Min) / math.Log(s.Max/s.Min)
	}
	return (value - s.Min) / (s.Max - s.Min)
}

// Value is the inverse of At.
func (s *Scale) Value(at float64) float64 {
	if s.Log {
		return s.Min * math.Pow(s.Max/s.Min, at)
	}
	return s.Min + at*(s.Max-s.Min)
}

// Translate implements chart.Range.
func (s *Scale) Translate(value float64) int {
	at := s.At(value) * float64(s.domain)
	if math.IsNaN(at) {
		return 0
	}
	return int(math.Round(math.Max(-far, math.Min(far, at))))
}

// GetMin implements chart.Range.
func (s *Scale) GetMin() float64 { return s.Min }

// SetMin implements chart.Range.
func (s *Scale) SetMin(v float64) { s.Min = v }

// GetMax implements chart.Range.
func (s *Scale) GetMax() float64 { return s.Max }

// SetMax implements chart.Range.
func (s *Scale) SetMax(v float64) { s.Max = v }

// GetDelta implements chart.Range.
func (s *Scale) GetDelta() float64 { return s.Max - s.Min }

// GetDomain implements chart.Range.
func (s *Scale) GetDomain() int { return s.domain }

// SetDomain implements chart.Range.
func (s *Scale) SetDomain(domain int) { s.domain = domain }

// IsDescending implements chart.Range.
func (s *Scale) IsDescending() bool { return false }

// IsZero implements chart.Range: never, since the values are found before go-chart is asked to draw.
func (s *Scale) IsZero() bool { return false }

// String implements chart.Range.
func (s *Scale) String() string { return fmt.Sprintf("[%g, %g]", s.Min, s.Max) }
