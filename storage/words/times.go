package words

import (
	"strconv"
	"time"
)

// Duration rounds a length of time for people: "45 s", "6 min", "2 h 10 min", "3 days". Below zero is a dash: not known.
func Duration(d time.Duration) string {
	switch {
	case d < 0:
		return "–"
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	case d < 90*time.Second:
		return whole(d, time.Second) + " s"
	case d < time.Hour-30*time.Second:
		return whole(d, time.Minute) + " min"
	case d < 48*time.Hour:
		d = d.Round(time.Minute)
		hours := strconv.Itoa(int(d/time.Hour)) + " h"
		if rest := d % time.Hour; rest > 0 {
			return hours + " " + whole(rest, time.Minute) + " min"
		}
		return hours
	}
	return whole(d, 24*time.Hour) + " days"
}

func whole(d, unit time.Duration) string { return strconv.Itoa(int(d.Round(unit) / unit)) }

// Ago is how long before now t was: "just now", "5 minutes ago", "yesterday", "3 Mar 2026"; "never" for the zero time.
func Ago(t, now time.Time) string {
	const day = 24 * time.Hour
	d := now.Sub(t)
	switch {
	case t.IsZero():
		return "never"
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return Count(int(d/time.Minute), "minute") + " ago"
	case d < day && now.Day() == t.Day():
		return Count(int(d/time.Hour), "hour") + " ago"
	case d < 2*day:
		return "yesterday"
	case d < 7*day:
		return Count(int(d/day), "day") + " ago"
	}
	return t.Format("2 Jan 2006")
}

// Seconds is [Duration] of a number of seconds.
func Seconds(n float64) string { return Duration(time.Duration(n * float64(time.Second))) }
