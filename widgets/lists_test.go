package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"viewfinder/icons"
	"viewfinder/widgets/look"
)

func TestListsGolden(t *testing.T) {
	golden(t, "lists", fyne.NewSize(520, 230), func() fyne.CanvasObject {
		tree := NewViewTree()
		tree.SetRows([]ViewRow{
			{ID: 1, Icon: icons.Classification, Name: "Waste type", What: "classification", Count: "860 / 1,204", Done: 0.71},
			{ID: 2, Depth: 1, Icon: icons.Tagging, Name: "Damage", What: "Waste type is Glass or Metal", Count: "12 / 320", Done: 0.04},
			{ID: 3, Icon: icons.Detection, Name: "Cells in a very long name of a view", What: "detection", Count: "80 / 80", Done: 1},
		})
		tree.SetCurrent(2)
		concepts := NewConceptList()
		concepts.SetRows([]ConceptRow{
			{ID: 1, Name: "Cardboard", Color: look.Concept(0), Key: "1", Train: "200", Val: "51"},
			{ID: 2, Name: "Glass", Color: look.Concept(1), Key: "2", Train: "1,204", Val: "301"},
			{ID: 3, Name: "An uncommonly long name of a concept", Color: look.Concept(2), Train: "0", Val: "0"},
		})
		concepts.SetActive(2)
		tabs := NewTabs([]Segment{{Key: "v", Text: "Views", Icon: icons.Views}, {Key: "t", Text: "Training", Badge: "43%", Icon: icons.Training}}, nil)
		filter := NewSegments([]Segment{{Key: "", Text: "All", Badge: "1,204"}, {Key: "n", Text: "Not annotated", Badge: "344"}}, nil)
		filter.SetSelected("n")
		button := NewIconButton(icons.Undo, "", nil)
		return look.Sheet(container.NewBorder(container.NewHBox(tabs, filter, button), nil, nil, nil, container.NewGridWithColumns(2, tree, concepts)))
	})
}

func TestPressableByKeyboard(t *testing.T) {
	look.Apply(newApp(t))
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
	shown := ""
	w.SetContent(NewHints(func(text string) { shown = text }).Around(w.Content()))
	w.Canvas().FocusPrevious()
	if shown == "" {
		t.Error("no hint")
	}
}

func TestSegmentsTell(t *testing.T) {
	look.Apply(newApp(t))
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

// Concepts are put in order by dragging a row and by Alt with the arrows, never past an end; other combinations reach the window.
func TestConceptsInOrder(t *testing.T) {
	look.Apply(newApp(t))
	l := NewConceptList()
	w := test.NewTempWindow(t, l)
	w.Resize(fyne.NewSize(240, 300))
	type move struct {
		id int64
		by int
	}
	var moved []move
	l.OnMove = func(id int64, by int) { moved = append(moved, move{id, by}) }
	l.SetRows([]ConceptRow{{ID: 7, Name: "Glass"}, {ID: 8, Name: "Metal"}, {ID: 9, Name: "Paper"}})
	pitch := l.parts[0].press.Size().Height + conceptGap
	for name, c := range map[string]struct {
		row  int
		far  float32 // in rows
		want move
	}{
		"down one":         {0, 1.1, move{7, 1}},
		"to the end":       {0, 9, move{7, 2}},
		"to the beginning": {2, -9, move{9, -2}},
		"hardly":           {1, 0.3, move{}},
		"up one":           {2, -0.8, move{9, -1}},
	} {
		moved = nil
		i := l.parts[c.row].press
		for range 10 {
			i.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(0, c.far*pitch/10)})
		}
		if l.drop.Hidden != (c.want.by == 0) {
			t.Errorf("%s: where it would go is hidden: %v", name, l.drop.Hidden)
		}
		i.DragEnd()
		if c.want.by == 0 && len(moved) == 0 {
			continue
		}
		if len(moved) != 1 || moved[0] != c.want || !l.drop.Hidden {
			t.Errorf("%s: moved %v, not %v", name, moved, c.want)
		}
	}
	moved = nil
	alt := func(key fyne.KeyName) {
		l.parts[0].press.TypedShortcut(&desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierAlt})
	}
	alt(fyne.KeyUp)
	alt(fyne.KeyDown)
	if len(moved) != 1 || moved[0] != (move{7, 1}) {
		t.Errorf("by keys: %v", moved)
	}
	heard := false
	w.Canvas().AddShortcut(&fyne.ShortcutUndo{}, func(fyne.Shortcut) { heard = true })
	l.parts[0].press.TypedShortcut(&fyne.ShortcutUndo{})
	if !heard {
		t.Error("Undo does not reach the window")
	}
}

// The hint of a pressable is shown while it has the focus and goes with it, also with the dialog that it is in.
func TestHintGoesWithTheFocus(t *testing.T) {
	shown := ""
	newApp(t)
	w := test.NewTempWindow(t, NewHints(func(text string) { shown = text }).Around(look.Small("below")))
	p := NewIconButton(icons.Add, "Adds something", func() {})
	d := NewDialog("Title", p, w)
	d.Show(p)
	if shown != "Adds something" {
		t.Errorf("with the focus %q is shown", shown)
	}
	if d.Close(); shown != "" {
		t.Errorf("after the dialog %q is shown", shown)
	}
}
