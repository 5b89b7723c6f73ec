package storage

import (
	"regexp"
	"strings"
)

// Palette are the colours concepts get by themselves, in this order: those of Okabe and Ito ("Color Universal
// Design", 2008; grey for black, which is invisible on dark photos), which people with any colour vision can tell
// apart, then those of Paul Tol's muted scheme ("Colour schemes", SRON/EPS/TN/09-002).
var Palette = []string{
	"#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#999999",
	"#332288", "#88ccee", "#44aa99", "#117733", "#999933", "#ddcc77", "#cc6677", "#882255", "#aa4499",
}

// nextColor is the first colour of the palette that is used least among the concepts.
func nextColor(used []string) string {
	best, fewest := Palette[0], int(^uint(0)>>1)
	for _, color := range Palette {
		n := 0
		for _, u := range used {
			if u == color {
				n++
			}
		}
		if n < fewest {
			best, fewest = color, n
		}
	}
	return best
}

var colorPattern = regexp.MustCompile(`^#[0-9a-f]{6}$`)

func cleanColor(color string) (string, error) {
	color = strings.ToLower(strings.TrimSpace(color))
	if !colorPattern.MatchString(color) {
		return "", rulef("%q is not a colour: write it as #rrggbb.", color)
	}
	return color, nil
}
