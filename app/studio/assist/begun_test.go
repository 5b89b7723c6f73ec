package assist_test

import (
	"context"
	"fmt"
	"path"
	"strings"
	"testing"

	"viewfinder/app/studio"
	"viewfinder/app/studio/assist"
	"viewfinder/app/studio/studiotest"
	"viewfinder/storage"
	"viewfinder/training"
)

// begun is a classification of red, green and blue images, n of each, of which nothing is annotated, with the assistant at work on it.
func begun(t *testing.T, n int) (p *studio.Project, view storage.View, points []storage.Datapoint, concept map[string]int64) {
	t.Helper()
	return begunWith(t, n, nil)
}

// begunWith is begun, with features of what images show, by their content's SHA-256, in the place of the backbone's.
func begunWith(t *testing.T, n int, features func(colour map[string]string) func(training.Sample) []float32) (p *studio.Project, view storage.View, points []storage.Datapoint, concept map[string]int64) {
	t.Helper()
	ctx := context.Background()
	p, view = studiotest.ColourProject(t, n, 0)
	points = studiotest.Must(p.Datapoints(ctx, storage.Query{View: view.ID}))(t)
	var keys []storage.Key
	for _, d := range points {
		keys = append(keys, d.Key())
	}
	if err := p.Clear(ctx, keys); err != nil {
		t.Fatal(err)
	}
	concept = map[string]int64{}
	for _, c := range studiotest.Must(p.Concepts(ctx, view.ID))(t) {
		concept[c.Name] = c.ID
	}
	if features != nil {
		p.FakeBackbone(features(coloursOf(points)), nil)
	}
	p.Background(p.KeepAssistant)
	p.AssistView(view.ID)
	return p, view, points, concept
}

// truth is what an image shows.
func truth(d storage.Datapoint) string {
	return strings.TrimRight(strings.TrimSuffix(path.Base(d.Image.Name), ".png"), "0123456789_v")
}

// annotate gives images what they show, the i-th of each colour for i from from to to.
func annotate(t *testing.T, p *studio.Project, points []storage.Datapoint, concept map[string]int64, from, to int) {
	t.Helper()
	seen := map[string]int{}
	for _, d := range points {
		i := seen[truth(d)]
		seen[truth(d)]++
		if i >= from && i < to {
			if err := p.SetConcept(context.Background(), []storage.Key{d.Key()}, concept[truth(d)]); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func learnt(t *testing.T, p *studio.Project, view int64, from int) assist.Status {
	t.Helper()
	studiotest.Eventually(t, fmt.Sprintf("suggestions learnt from %d", from), func() bool {
		s := p.AssistantStatus(view)
		return s.Learned == from && s.Computed == s.Images && s.Images > 0
	})
	return p.AssistantStatus(view)
}

// guesses are what is suggested, by datapoint.
func guesses(t *testing.T, p *studio.Project, view int64) map[int64]assist.Guess {
	t.Helper()
	all := map[int64]assist.Guess{}
	for _, d := range studiotest.Must(p.Datapoints(context.Background(), storage.Query{View: view}))(t) {
		if g, ok := p.Assisted(d); ok {
			all[d.ID] = g
		}
	}
	return all
}
