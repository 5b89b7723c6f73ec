package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"viewfinder/icons"
	"viewfinder/widgets/look"
)

func TestListsGolden(t *testing.T) {
	golden(t, "lists", fyne.NewSize(520, 230), func() fyne.CanvasObject {
		tree := NewViewTree()
		tree.SetRows([]ViewRow{
			{ID: 1, Icon: icons.Classification, Name: "Waste type", Count: "860 / 1,204", Done: 0.71},
			{ID: 2, Depth: 1, Icon: icons.Tagging, Name: "Damage", Condition: "Waste type is Glass or Metal", Count: "12 / 320", Done: 0.04},
			{ID: 3, Icon: icons.Detection, Name: "Cells in a very long name of a view", Count: "80 / 80", Done: 1},
		})
		tree.SetCurrent(2)
		concepts := NewConceptList()
		concepts.SetRows([]ConceptRow{
			{ID: 1, Name: "Cardboard", Color: look.Concept(0), Key: "1", Train: "200", Val: "51"},
			{ID: 2, Name: "Glass", Color: look.Concept(1), Key: "2", Train: "1,204", Val: "301"},
			{ID: 3, Name: "An uncommonly long name of a concept", Color: look.Concept(2), Train: "0", Val: "0"},
		})
		concepts.SetActive(2)
		tabs := NewTabs([]Segment{{Key: "v", Text: "Views", Icon: icons.Views}, {Key: "t", Text: "Training", Badge: "43 %", Icon: icons.Training}}, nil)
		filter := NewSegments([]Segment{{Key: "", Text: "All", Badge: "1,204"}, {Key: "n", Text: "Not annotated", Badge: "344"}}, nil)
		filter.SetSelected("n")
		button := NewIconButton(icons.Undo, "", nil)
		return look.Sheet(container.NewBorder(container.NewHBox(tabs, filter, button), nil, nil, nil, container.NewGridWithColumns(2, tree, concepts)))
	})
}

func TestPressableByKeyboard(t *testing.T) {
	look.Apply(test.NewTempApp(t))
	picked := int64(0)
	l := NewConceptList()
	l.OnPick = func(id int64) { picked = id }
	w := test.NewTempWindow(t, l)
	l.SetRows([]ConceptRow{{ID: 7, Name: "Glass"}, {ID: 8, Name: "Metal"}})
	w.Canvas().FocusNext()
	w.Canvas().FocusNext()
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if picked != 8 {
		t.Errorf("picked %d", picked)
	}
	said := ""
	Hint = func(text string) { said = text }
	defer func() { Hint = nil }()
	w.Canvas().FocusPrevious()
	if said == "" {
		t.Error("no hint")
	}
}

func TestSegmentsTell(t *testing.T) {
	look.Apply(test.NewTempApp(t))
	chosen := ""
	s := NewSegments([]Segment{{Key: "a", Text: "A"}, {Key: "b", Text: "B"}}, func(key string) { chosen = key })
	test.NewTempWindow(t, s)
	test.Tap(s.parts[1].press)
	if chosen != "b" || s.Selected() != "b" {
		t.Errorf("chosen %q, selected %q", chosen, s.Selected())
	}
	s.SetItems([]Segment{{Key: "a", Text: "A", Badge: "3"}, {Key: "b", Text: "B"}})
	if s.parts[0].badge.Text() != "3" || s.Selected() != "b" {
		t.Error("the badge is not shown, or the choice is lost")
	}
}
