package domain

import (
	"fmt"
	"strconv"
	"strings"
)

// palette are the colours concepts get by themselves, in this order: those of Okabe and Ito ("Color Universal
// Design", 2008; grey for black, which is invisible on dark photos), which people with any colour vision can tell
// apart, then those of Paul Tol's muted scheme ("Colour schemes", SRON/EPS/TN/09-002).
var palette = []string{
	"#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#999999",
	"#332288", "#88ccee", "#44aa99", "#117733", "#999933", "#ddcc77", "#cc6677", "#882255", "#aa4499",
}

// shades are how the palette goes on once it is used up: mixed with so much white (above 0) or black (below), a round each.
var shades = []float64{0, 0.45, -0.4, 0.7, -0.65}

// ConceptColors is how many different colours [ConceptColor] has; PlainColors is how many of them, the first, need no mark beside them.
var (
	ConceptColors = len(palette) * len(shades)
	PlainColors   = len(palette)
)

// ConceptColor is the i-th colour of concepts as "#rrggbb": those of a palette that anybody can tell apart, then their lighter and darker
// shades; after [ConceptColors] it begins again.
func ConceptColor(i int) string {
	i %= ConceptColors
	shade := shades[i/len(palette)]
	v, _ := strconv.ParseUint(palette[i%len(palette)][1:], 16, 32)
	mix := func(channel uint64) uint64 {
		to := 0.0
		if shade > 0 {
			to = 255
		}
		k := max(shade, -shade)
		return uint64(float64(channel)*(1-k) + to*k + 0.5)
	}
	return fmt.Sprintf("#%02x%02x%02x", mix(v>>16), mix(v>>8&0xff), mix(v&0xff))
}

var colorRounds = func() map[string]int {
	rounds := make(map[string]int, ConceptColors)
	for i := range ConceptColors {
		rounds[ConceptColor(i)] = i / len(palette)
	}
	return rounds
}()

// ColorMarks says for the concepts of a view, by the order in which they were made, how many dots each carries beside its colour, so that shades and
// colours that are there twice can be told apart: 0 for a colour of the palette that is there once.
func ColorMarks(colors []string) []int {
	marks := make([]int, len(colors))
	taken := map[string]bool{}
	for i, c := range colors {
		c = strings.ToLower(c)
		round := colorRounds[c]
		key := func() string { return c + " " + strconv.Itoa(round) }
		for taken[key()] {
			round++
		}
		taken[key()] = true
		marks[i] = round
	}
	return marks
}
