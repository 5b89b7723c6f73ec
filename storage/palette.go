package storage

import (
	"regexp"
	"strings"

	"viewfinder/storage/domain"
)

// nextColor is the first of the concepts' colours that is used least among the concepts.
func nextColor(used []string) string {
	best, fewest := "", int(^uint(0)>>1)
	for i := range domain.ConceptColors {
		color, n := domain.ConceptColor(i), 0
		for _, u := range used {
			if u == color {
				n++
			}
		}
		if n == 0 {
			return color
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
