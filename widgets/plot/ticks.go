package plot

import (
	"math"
	"strconv"
	"strings"
)

// Number writes a value as people read it: "1,000", "0.5", "0.0003", "2e-06". With a step the decimals are those that tell two
// steps apart; without one, four significant digits.
func Number(value, step float64) string {
	if math.IsNaN(value) {
		return "none"
	}
	if math.IsInf(value, 0) {
		return strings.Replace(strconv.FormatFloat(value, 'g', -1, 64), "Inf", "infinite", 1)
	}
	size := math.Abs(value)
	if size < step*1e-6 {
		return "0"
	}
	if size != 0 && size < 1e-4 || size >= 1e12 {
		return tidyExponent(strconv.FormatFloat(value, 'e', 1, 64))
	}
	decimals := 0
	switch {
	case step > 0:
		for s := step; decimals < 8 && math.Abs(s-math.Round(s)) > 1e-6*math.Max(1, math.Abs(s)); decimals++ {
			s *= 10
		}
	case value == math.Trunc(value):
	case size < 1000:
		decimals = min(max(3-int(math.Floor(math.Log10(size))), 0), 7)
	}
	text := strconv.FormatFloat(value, 'f', decimals, 64)
	if step == 0 && strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return group(text)
}

func tidyExponent(text string) string {
	text = strings.Replace(text, ".0e", "e", 1)
	text = strings.Replace(text, "e-0", "e-", 1)
	return strings.Replace(strings.Replace(text, "e+0", "e", 1), "e+", "e", 1)
}

// group sets commas between thousands.
func group(text string) string {
	whole, rest, _ := strings.Cut(text, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest != "" {
		whole += "." + rest
	}
	if sign != "" && strings.Trim(whole, "0.,") == "" {
		sign = ""
	}
	return sign + whole
}

// Percent writes a fraction as a percentage: "50%", "87.3%".
func Percent(value, step float64) string {
	if math.IsNaN(value) {
		return "none"
	}
	if step > 0 {
		return Number(value*100, step*100) + "%"
	}
	return group(strconv.FormatFloat(value*100, 'f', 1, 64)) + "%"
}

// niceStep returns the least step of the form 1, 2, 2.5 or 5 times a power of ten that cuts size into at most count parts.
func niceStep(size float64, count int) float64 {
	rough := size / float64(max(count, 1))
	power := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if m*power >= rough*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// linearTicks returns the multiples of a nice step inside the range.
func linearTicks(span Span, count int, whole bool) (ticks []float64, step float64) {
	size := span.Max - span.Min
	if !(size > 0) || math.IsInf(size, 0) {
		return nil, 0
	}
	step = niceStep(size, count)
	if whole && step < 1 {
		step = 1
	}
	if whole && step == 2.5 {
		step = 5
	}
	first, last := math.Ceil(span.Min/step-1e-9), math.Floor(span.Max/step+1e-9)
	for k := first; k <= last && len(ticks) < 200; k++ {
		ticks = append(ticks, k*step)
	}
	return ticks, step
}

// logTicks returns powers of ten inside the range, or 1, 2 and 5 times them where they are few.
func logTicks(span Span, count int) []float64 {
	from, to := math.Floor(math.Log10(span.Min)+1e-9), math.Ceil(math.Log10(span.Max)-1e-9)
	decades := to - from
	parts := []float64{1}
	switch {
	case decades*3 <= float64(count)*1.5:
		parts = []float64{1, 2, 5}
	case decades*2 <= float64(count)*1.2:
		parts = []float64{1, 3}
	}
	every := math.Max(1, math.Ceil(decades/float64(max(count, 1))))
	var ticks []float64
	for k := from; k <= to && len(ticks) < 200; k += every {
		for _, p := range parts {
			v := p * math.Pow(10, k)
			if v >= span.Min*(1-1e-9) && v <= span.Max*(1+1e-9) {
				ticks = append(ticks, v)
			}
		}
	}
	if len(ticks) < 2 { // less than a decade
		ticks, _ = linearTicks(span, count, false)
	}
	return ticks
}

// roundOut widens a range to multiples of a nice step, and gives a range of one value some room.
func roundOut(low, high float64, count int, bounds Span) Span {
	if low == high {
		room := math.Abs(low) * 0.5
		if room == 0 {
			room = 0.5
		}
		low, high = low-room, high+room
		if low < 0 && low+room >= 0 {
			low = 0
		}
	}
	// Start at zero when zero is near: the height of a curve then says how much it is.
	if low > 0 && low < 0.45*high {
		low = 0
	}
	if !bounds.IsZero() {
		low, high = math.Max(low, bounds.Min), math.Min(high, bounds.Max)
		if !(high > low) {
			low, high = bounds.Min, bounds.Max
		}
	}
	step := niceStep(high-low, count)
	span := Span{math.Floor(low/step+1e-9) * step, math.Ceil(high/step-1e-9) * step}
	if !bounds.IsZero() {
		span.Min, span.Max = math.Max(span.Min, bounds.Min), math.Min(span.Max, bounds.Max)
	}
	return span.or(Span{low - 1, high + 1})
}

// or returns the range, or another one where it is none that can be drawn: values so near one another, or so large, that nothing is between them.
func (s Span) or(other Span) Span {
	if d := s.Max - s.Min; d > 1e-300 && d > 1e-12*math.Max(math.Abs(s.Min), math.Abs(s.Max)) && !math.IsInf(d, 0) {
		return s
	}
	return other
}

// roundOutLog widens a range of positive values to the next 1, 2 or 5 times a power of ten.
func roundOutLog(low, high float64) Span {
	down, up := low, high
	steps := []float64{1, 2, 5, 10}
	p := math.Pow(10, math.Floor(math.Log10(low)))
	for _, s := range steps {
		if s*p <= low*(1+1e-9) {
			down = s * p
		}
	}
	p = math.Pow(10, math.Floor(math.Log10(high)))
	for i := len(steps) - 1; i >= 0; i-- {
		if steps[i]*p >= high*(1-1e-9) {
			up = steps[i] * p
		}
	}
	if !(up > down) {
		up, down = up*2, down/2
	}
	return Span{math.Max(down, 1e-300), math.Min(up, 1e300)}.or(Span{0.1, 1})
}
