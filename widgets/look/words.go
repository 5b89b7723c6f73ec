package look

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// Count writes a number for people: 1,204.
func Count(n int) string {
	s := strconv.Itoa(n)
	neg := ""
	if s[0] == '-' {
		neg, s = "-", s[1:]
	}
	out := make([]byte, 0, len(s)+len(s)/3)
	for i := range len(s) {
		if i > 0 && (len(s)-i)%3 == 0 {
			out = append(out, ',')
		}
		out = append(out, s[i])
	}
	return neg + string(out)
}

// Plural is "1 image" or "1,204 images".
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Count(n) + " " + many
}

// Percent writes a fraction: 0.8731 is "87.3 %". NaN is a dash.
func Percent(f float64) string { return percent(f, 1) }

// RoundPercent is Percent without decimals, where room is short or more would pretend: "98 %".
func RoundPercent(f float64) string { return percent(f, 0) }

func percent(f float64, decimals int) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "–"
	}
	return strconv.FormatFloat(100*f, 'f', decimals, 64) + " %"
}

// Duration rounds to what a person would say: "45 s", "6 min", "2 h 10 min", "3 days".
func Duration(d time.Duration) string {
	switch {
	case d < 0:
		return "–"
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < 90*time.Second:
		return fmt.Sprintf("%d s", int(d.Round(time.Second)/time.Second))
	case d < time.Hour-30*time.Second:
		return fmt.Sprintf("%d min", int(d.Round(time.Minute)/time.Minute))
	case d < 48*time.Hour:
		d = d.Round(time.Minute)
		h, m := int(d/time.Hour), int(d%time.Hour/time.Minute)
		if m == 0 {
			return fmt.Sprintf("%d h", h)
		}
		return fmt.Sprintf("%d h %d min", h, m)
	}
	return fmt.Sprintf("%d days", int(d.Round(24*time.Hour)/(24*time.Hour)))
}

// Bytes writes a size: "2.3 MB", in powers of ten as file managers do.
func Bytes(n int64) string {
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	v, unit := float64(n), -1
	for v >= 999.5 && unit < 4 {
		v /= 1000
		unit++
	}
	if v < 10 {
		return fmt.Sprintf("%.1f %cB", v, "kMGTP"[unit])
	}
	return fmt.Sprintf("%.0f %cB", v, "kMGTP"[unit])
}

// Ago is how long before now t was: "just now", "5 minutes ago", "yesterday", "3 Mar 2026".
func Ago(t, now time.Time) string {
	d := now.Sub(t)
	switch {
	case t.IsZero():
		return "never"
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return Plural(int(d/time.Minute), "minute", "minutes") + " ago"
	case d < 24*time.Hour && now.Day() == t.Day():
		return Plural(int(d/time.Hour), "hour", "hours") + " ago"
	case d < 48*time.Hour:
		return "yesterday"
	case d < 7*24*time.Hour:
		return Plural(int(d/(24*time.Hour)), "day", "days") + " ago"
	}
	return t.Format("2 Jan 2006")
}
