//go:build !nobackbone

package assist_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"viewfinder/app/studio"
	"viewfinder/app/studio/predict"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/studiotest"
	"viewfinder/storage"
	"viewfinder/storage/domain"
)

// TestFromTheTenthAnnotationOn: suggestions come with the tenth annotation, for whatever is not annotated, and are right; they are no annotations. Accepted
// ones are, in one step, and whose they were is kept. They go when annotations are undone, when a concept is gone, and when the assistant is switched off.
func TestFromTheTenthAnnotationOn(t *testing.T) {
	ctx := context.Background()
	p, view, points, concept := begun(t, 8)
	annotate(t, p, points, concept, 0, 3)
	studiotest.Eventually(t, "nine annotations", func() bool { return strings.Contains(p.AssistantStatus(view.ID).Waiting, "9 so far") })
	if g := guesses(t, p, view.ID); len(g) > 0 || p.AssistantStatus(view.ID).Learned > 0 {
		t.Fatalf("%d are suggested from nine annotations", len(g))
	}
	annotate(t, p, points, concept, 3, 4)
	if s := learnt(t, p, view.ID, 12); s.Suggestions != 12 || s.Right < 10 || !s.On {
		t.Errorf("%+v", s)
	}
	got := guesses(t, p, view.ID)
	if len(got) != 12 {
		t.Errorf("%d are suggested, want 12", len(got))
	}
	for _, d := range points {
		if g, ok := got[d.ID]; ok && (len(g.Concepts) != 1 || g.Concepts[0] != concept[truth(d)] || g.Confidence < 0.5 || g.Confidence > 1) {
			t.Errorf("%s: %+v", d.Image.Name, g)
		}
	}
	if c := studiotest.Must(p.Counts(ctx, view.ID))(t).Total(); c.Annotated != 12 || c.Suggested != 0 {
		t.Errorf("suggestions count: %+v", c)
	}

	// By confidence and by concept.
	q := storage.Query{View: view.ID, State: storage.StateSuggested, Concept: concept["red"]}
	if ids := studiotest.Must(p.AssistedIDs(ctx, q))(t); len(ids) != 4 {
		t.Errorf("%d red ones are suggested, want 4", len(ids))
	}
	byConfidence := studiotest.Must(p.AssistedIDs(ctx, storage.Query{View: view.ID, Sort: storage.SortConfidence}))(t)
	if len(byConfidence) != len(points) || got[byConfidence[0]].Confidence > got[byConfidence[11]].Confidence || got[byConfidence[12]].Confidence != 0 {
		t.Errorf("by confidence: %v", byConfidence)
	}

	// A version's suggestion comes first.
	versioned := byConfidence[5]
	suggestAs(t, p, versioned)
	if _, ok := guesses(t, p, view.ID)[versioned]; ok {
		t.Error("the assistant suggests beside a version")
	}
	if e := studiotest.Must(p.EstimateAbove(ctx, storage.Query{View: view.ID}, 0))(t); e.Above != 11 || e.Of != 12 || e.Wrong > 2 {
		t.Errorf("estimate %+v", e)
	}

	n, images, err := p.AcceptAllAbove(ctx, storage.Query{View: view.ID}, 0)
	if err != nil || n != 12 || images != 12 {
		t.Fatalf("%d of %d accepted, %v", n, images, err)
	}
	d := studiotest.Must(p.DatapointsByID(ctx, byConfidence[:1]))(t)[0]
	if text := studiotest.Must(p.Origin(ctx, d.Key()))(t); !strings.HasPrefix(text, "accepted from the assistant (") {
		t.Errorf("whose it was: %q", text)
	}
	learnt(t, p, view.ID, 24)
	studiotest.Must(p.Undo(ctx, view.ID))(t)
	learnt(t, p, view.ID, 12)
	if got := guesses(t, p, view.ID); len(got) != 11 {
		t.Errorf("after undo %d are suggested, want 11", len(got))
	}

	// Rejected, it is not suggested again.
	d = studiotest.Must(p.DatapointsByID(ctx, byConfidence[:1]))(t)[0]
	p.RejectAssisted(d)
	if _, ok := guesses(t, p, view.ID)[d.ID]; ok {
		t.Error("what was rejected is suggested")
	}
	if near := p.Nearest(view.ID, d.ID, 3); len(near) != 3 {
		t.Errorf("it comes from %v", near)
	} else if from := studiotest.Must(p.DatapointsByID(ctx, near))(t); truth(from[0]) != truth(d) || !from[0].Annotated {
		t.Errorf("%s is suggested from %s", d.Image.Name, from[0].Image.Name)
	}

	// A concept that is gone is not suggested any more.
	if err := p.MergeConcepts(ctx, concept["red"], concept["green"]); err != nil {
		t.Fatal(err)
	}
	studiotest.Eventually(t, "suggestions without red", func() bool {
		all := guesses(t, p, view.ID)
		return len(all) > 8 && !slices.ContainsFunc(points, func(d storage.Datapoint) bool { return slices.Contains(all[d.ID].Concepts, concept["red"]) })
	})
	if err := p.DeleteConcept(ctx, concept["green"]); err != nil {
		t.Fatal(err)
	}
	studiotest.Eventually(t, "no suggestions", func() bool { return len(guesses(t, p, view.ID)) == 0 && p.AssistantStatus(view.ID).Waiting != "" })
	studiotest.Must(p.Undo(ctx, view.ID))(t)
	learnt(t, p, view.ID, 12)

	// Off, and it is remembered.
	if err := p.SetAssistant(ctx, view.ID, false); err != nil {
		t.Fatal(err)
	}
	if got := guesses(t, p, view.ID); len(got) > 0 {
		t.Errorf("switched off, it suggests %d", len(got))
	}
	p.AssistView(0)
	p.AssistView(view.ID)
	studiotest.Eventually(t, "the view to be looked at", func() bool { return p.AssistantStatus(view.ID).View == view.ID })
	if s := p.AssistantStatus(view.ID); s.On || len(guesses(t, p, view.ID)) > 0 {
		t.Errorf("switched off: %+v", s)
	}
	if err := p.SetAssistant(ctx, view.ID, true); err != nil {
		t.Fatal(err)
	}
	learnt(t, p, view.ID, 12)
}

// suggestAs keeps a suggestion of a version for a datapoint.
func suggestAs(t *testing.T, p *studio.Project, id int64) {
	t.Helper()
	ctx := context.Background()
	d := studiotest.Must(p.DatapointsByID(ctx, []int64{id}))(t)[0]
	version := studiotest.Must(p.Train(ctx, runs.TrainRequest{View: d.View, Options: studiotest.Tiny(1)}))(t)
	if version = studiotest.EndOf(t, p, version.ID); version.Status != domain.StatusReady {
		t.Fatal(version.Error)
	}
	if n, err := p.SuggestFor(ctx, version.ID, predict.SuggestRequest{Query: storage.Query{Images: []int64{d.Image.ID}}, Threshold: 1e-6}, nil); n != 1 || err != nil {
		t.Fatalf("%d suggestions of a version, %v", n, err)
	}
}
