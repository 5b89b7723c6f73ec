package judge

import (
	"slices"
	"testing"

	"viewfinder/app/studio/evaluate"
)

func TestConceptOrder(t *testing.T) {
	concept := func(f1 float64, right, missed int) (c evaluate.JudgeConcept) {
		c.F1, c.TruePositives, c.FalseNegatives = f1, right, missed
		return c
	}
	concepts := []evaluate.JudgeConcept{concept(0.5, 3, 1), concept(0, 0, 0), concept(0.9, 8, 2), concept(0.1, 1, 5)}
	f1, annotated := 3, 5
	for _, c := range []struct {
		order conceptOrder
		want  []int
	}{
		{conceptOrder{}, []int{0, 1, 2, 3}},
		{conceptOrder{}.next(0), []int{3, 2, 1, 0}},
		{conceptOrder{}.next(f1), []int{2, 0, 3, 1}}, // none annotated: last
		{conceptOrder{}.next(f1).next(f1), []int{3, 0, 2, 1}},
		{conceptOrder{}.next(f1).next(annotated), []int{2, 3, 0, 1}},
		{conceptOrder{}.next(annotated).next(annotated), []int{1, 0, 3, 2}},
		{conceptOrder{}.next(f1).next(0), []int{0, 1, 2, 3}},
	} {
		if got := c.order.sorted(concepts); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.order, got, c.want)
		}
	}
	if len(conceptColumns)+1 != figureColumns {
		t.Errorf("%d columns with values, %d in the table", len(conceptColumns), figureColumns)
	}
}
