package widgets

import (
	"testing"

	"fyne.io/fyne/v2"

	"viewfinder/widgets/look"
)

func TestScoreBarsGolden(t *testing.T) {
	golden(t, "scorebars", fyne.NewSize(240, 150), func() fyne.CanvasObject {
		s := NewScoreBars()
		s.Set([]ScoreBar{
			{Name: "glass", Color: look.Concept(0), Score: 0.873},
			{Name: "a concept with a very long name indeed", Color: look.Concept(1), Score: 0.51},
			{Name: "trash", Color: look.Concept(2), Score: 0.004, Quiet: true},
			{Name: "RBC", Color: look.Concept(3), Score: 1, Text: "12"},
		})
		return look.Pad(8, s)
	})
}
