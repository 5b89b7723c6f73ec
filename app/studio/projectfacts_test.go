package studio

import (
	"context"
	"slices"
	"strings"
	"testing"
)

// TestProjectFacts: counts by view and concept, and what stands out in words.
func TestProjectFacts(t *testing.T) {
	ctx := context.Background()
	p, v := colourProject(t, 3, 1)
	if _, err := p.AddConcept(ctx, Concept{ViewID: v.ID, Name: "violet"}); err != nil {
		t.Fatal(err)
	}
	facts := must(p.ProjectFacts(ctx))(t)
	if len(facts) != 1 || len(facts[0].Concepts) != 4 || facts[0].Concepts[0].Train != 3 || facts[0].Concepts[0].Val != 1 {
		t.Fatalf("%+v", facts)
	}
	for _, want := range []string{"violet is not used", "Only 3 images of red"} {
		if !slices.ContainsFunc(facts[0].Findings, func(s string) bool { return strings.Contains(s, want) }) {
			t.Errorf("%q is not said: %q", want, facts[0].Findings)
		}
	}
	f := ViewFacts{Concepts: []ConceptFacts{{Concept: Concept{Name: "A"}, Train: 900, Val: 100}, {Concept: Concept{Name: "B"}, Train: 30}, {Concept: Concept{Name: "C"}, Val: 5}}}
	f.Counts.Train = SplitCounts{All: 1000, Annotated: 930}
	f.Counts.Val = SplitCounts{All: 105, Annotated: 105}
	text := strings.Join(findings(f), "\n")
	for _, want := range []string{"70 images are not annotated (6%)", "B is in train only", "C is in val only", "A has 200 times as many images as C"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not said: %s", want, text)
		}
	}
}
