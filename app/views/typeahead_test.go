package views

import (
	"slices"
	"testing"
)

// TestTypeahead: keys are done in their order, on the image that they were meant for.
func TestTypeahead(t *testing.T) {
	for _, c := range []struct {
		name               string
		searching, loading bool
		keys               []string
		atOnce, later      []string
	}{
		{name: "nothing on its way", keys: []string{"concept", "next"}, atOnce: []string{"concept", "next"}},
		{name: "a concept waits for its image", loading: true, keys: []string{"concept"}, later: []string{"concept"}},
		{name: "turning over images need not wait", loading: true, keys: []string{"next", "next"}, atOnce: []string{"next", "next"}},
		{name: "but keeps its place behind what waits", loading: true, keys: []string{"without", "next"}, later: []string{"without", "next"}},
		{name: "all wait while the image is looked for", searching: true, keys: []string{"next", "concept"}, later: []string{"next", "concept"}},
		{name: "back alone never waits", searching: true, loading: true, keys: []string{"back"}, atOnce: []string{"back"}},
		{name: "back waits for what it would lose", searching: true, keys: []string{"concept", "back"}, later: []string{"concept", "back"}},
		{name: "a key that means nothing is not kept", loading: true, keys: []string{""}, atOnce: []string{""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := typeahead{searching: c.searching, loading: c.loading}
			var atOnce, later []string
			for _, k := range c.keys {
				if !a.keep(k, func() { later = append(later, k) }) {
					atOnce = append(atOnce, k)
				}
			}
			if a.release(); len(later) > 0 {
				t.Fatalf("released while busy: %v", later)
			}
			a.searching, a.loading = false, false
			a.release()
			if !slices.Equal(atOnce, c.atOnce) || !slices.Equal(later, c.later) {
				t.Errorf("at once %v, later %v; want %v, %v", atOnce, later, c.atOnce, c.later)
			}
		})
	}
}

// TestTypeaheadStopsAtTheNextImage: a key that has another image read holds those behind it until it is there.
func TestTypeaheadStopsAtTheNextImage(t *testing.T) {
	a := typeahead{loading: true}
	var done []string
	a.keep("concept", func() { done = append(done, "first"); a.loading = true })
	a.keep("concept", func() { done = append(done, "second") })
	a.loading = false
	a.release()
	if !slices.Equal(done, []string{"first"}) {
		t.Fatalf("done %v, want the first alone", done)
	}
	a.loading = false
	a.release()
	if !slices.Equal(done, []string{"first", "second"}) {
		t.Errorf("done %v", done)
	}
}
