// Package words writes numbers, shares, times and sizes for people: 1,204, 2 boxes, 87.3%, 6 min, 1.2 GB. Window, commands, reports and the
// labels of undo use the same words. It imports nothing of the program.
package words

import (
	"math"
	"strconv"
	"strings"
)

// Number writes a whole number with commas between thousands: 1,204.
func Number(n int) string {
	s := strconv.Itoa(n)
	for at := len(s) - 3; at > 0 && s[at-1] != '-'; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}

// Count is a number of things: "1 box", "2 boxes", "1,204 images". What [Plural] would get wrong is given as many: Count(n, "image is", "images are").
func Count(n int, one string, many ...string) string {
	switch {
	case n == 1:
		return "1 " + one
	case len(many) > 0:
		return Number(n) + " " + many[0]
	}
	return Number(n) + " " + Plural(one)
}

// Plural is the regular English plural of a noun or of a phrase that ends with one: images, boxes, classes, batches (but epochs), categories, child views.
func Plural(one string) string {
	for _, hiss := range []string{"s", "x", "z", "ch", "sh"} {
		if strings.HasSuffix(one, hiss) && !strings.HasSuffix(one, "epoch") {
			return one + "es"
		}
	}
	if n := len(one); n > 1 && one[n-1] == 'y' && !strings.ContainsRune("aeiou", rune(one[n-2])) {
		return one[:n-1] + "ies"
	}
	return one + "s"
}

// Percent writes a share with one decimal: 0.8731 is "87.3%". NaN and infinity are a dash.
func Percent(share float64) string { return percent(share, 1) }

// RoundPercent is [Percent] without decimals, where room is short or more would pretend: "98%".
func RoundPercent(share float64) string { return percent(share, 0) }

func percent(share float64, decimals int) string {
	if math.IsNaN(share) || math.IsInf(share, 0) {
		return "–"
	}
	return strconv.FormatFloat(100*share, 'f', decimals, 64) + "%"
}

// Bytes writes a size in powers of ten, as file managers do: "640 B", "2.3 MB", "12 GB". Below zero is a dash.
func Bytes(n int64) string {
	if n < 0 {
		return "–"
	}
	if n < 1000 {
		return strconv.FormatInt(n, 10) + " B"
	}
	value, unit := float64(n), -1
	for value >= 999.5 && unit < 5 {
		value /= 1000
		unit++
	}
	decimals := 0
	if value < 9.95 {
		decimals = 1
	}
	return strconv.FormatFloat(value, 'f', decimals, 64) + " " + "kMGTPE"[unit:unit+1] + "B"
}
