package editing_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"viewfinder/app/studio/studiotest"
	"viewfinder/storage/domain"
)

// TestProjectFacts: counts by view and concept, and what stands out in words.
func TestProjectFacts(t *testing.T) {
	ctx := context.Background()
	p, v := studiotest.ColourProject(t, 3, 1)
	if _, err := p.AddConcept(ctx, domain.Concept{ViewID: v.ID, Name: "violet"}); err != nil {
		t.Fatal(err)
	}
	facts := studiotest.Must(p.ProjectFacts(ctx))(t)
	if len(facts) != 1 || len(facts[0].Concepts) != 4 || facts[0].Concepts[0].Train != 3 || facts[0].Concepts[0].Val != 1 {
		t.Fatalf("%+v", facts)
	}
	for _, want := range []string{"violet is not used", "Only 3 images of red"} {
		if !slices.ContainsFunc(facts[0].Findings, func(s string) bool { return strings.Contains(s, want) }) {
			t.Errorf("%q is missing: %q", want, facts[0].Findings)
		}
	}
}
