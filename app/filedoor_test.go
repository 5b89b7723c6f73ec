package app

import (
	"slices"
	"testing"
)

func TestNewestPlaceFirst(t *testing.T) {
	var places []string
	for _, dir := range []string{"a", "b", "a", "c", "d", "e", "f", "g", "c"} {
		places = newestFirst(places, dir)
	}
	if want := []string{"c", "g", "f", "e", "d", "a"}; !slices.Equal(places, want) {
		t.Errorf("%v, not %v", places, want)
	}
}
