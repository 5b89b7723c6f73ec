package editing

import (
	"strings"
	"testing"

	"viewfinder/storage"
	"viewfinder/storage/domain"
)

// TestFindings: what is out of balance or missing is a finding in words.
func TestFindings(t *testing.T) {
	f := ViewFacts{Concepts: []ConceptFacts{{Concept: domain.Concept{Name: "A"}, Train: 900, Val: 100}, {Concept: domain.Concept{Name: "B"}, Train: 30}, {Concept: domain.Concept{Name: "C"}, Val: 5}}}
	f.Counts.Train = storage.SplitCounts{All: 1000, Annotated: 930}
	f.Counts.Val = storage.SplitCounts{All: 105, Annotated: 105}
	text := strings.Join(findings(f), "\n")
	for _, want := range []string{"70 images are not annotated (6%)", "B is not in val", "C is not in train", "A has 200 times as many images as C"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing: %s", want, text)
		}
	}
}
