package domain

import (
	"slices"
	"testing"
)

// The colours go on after the palette, each another one; the dots beside them tell shades and repetitions apart.
func TestConceptColorsGoOn(t *testing.T) {
	seen := map[string]int{}
	var colors []string
	for i := range ConceptColors {
		c := ConceptColor(i)
		if j, ok := seen[c]; ok {
			t.Errorf("colours %d and %d are both %s", j, i, c)
		}
		seen[c] = i
		colors = append(colors, c)
	}
	if ConceptColors < 85 || PlainColors != 17 || colors[0] != "#e69f00" || ConceptColor(ConceptColors) != colors[0] {
		t.Errorf("%d colours, %d plain, beginning with %s", ConceptColors, PlainColors, colors[0])
	}
	if got := colors[17]; got != "#f1ca73" { // #e69f00 with 45% of white
		t.Errorf("the lighter orange is %s", got)
	}
	if got := colors[34]; got != "#8a5f00" { // with 40% of black
		t.Errorf("the darker orange is %s", got)
	}
	for i, m := range ColorMarks(colors) {
		if m != i/PlainColors {
			t.Errorf("colour %d has %d dots", i, m)
		}
	}
	// As projects made before have them: the palette, and again from its beginning. Case does not count, nor what is no colour of ours.
	if got := ColorMarks([]string{"#e69f00", "#56b4e9", "#E69F00", "#123456", "#e69f00", "#123456", ""}); !slices.Equal(got, []int{0, 0, 1, 0, 2, 1, 0}) {
		t.Errorf("marks %v", got)
	}
}
