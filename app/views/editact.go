package views

import (
	"context"

	"fyne.io/fyne/v2"

	"viewfinder/app/keys"
	"viewfinder/app/studio"
	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
)

// typed does what a character stands for in the annotator.
func (e *editor) typed(r rune) bool {
	if c, ok := e.conceptOfKey(r); ok {
		e.pressConcept(c)
		return true
	}
	e.press(e.action(keys.Rune(r)))
	return true
}

func (e *editor) key(k fyne.KeyName, mod fyne.KeyModifier) bool {
	e.press(e.action(keys.Key(k, mod)))
	return true
}

// shortcut does a combination with Ctrl or Alt; those that are not the annotator's are the window's.
func (e *editor) shortcut(s fyne.Shortcut) bool {
	if name := e.action(keys.Shortcut(s)); name != "" {
		e.press(name)
		return true
	}
	widgets.HandOn(e.annotator, s)
	return true
}

// action is what a key stands for now.
func (e *editor) action(key string) string {
	if len(e.annotator.Selected()) > 0 {
		return e.keys.Action(keys.Selected, key)
	}
	return e.keys.Action(keys.Annotator, key)
}

// press does what a button or a click on a concept stands for; like a key, it waits for the image that it is meant for.
func (e *editor) press(name string) {
	if name != "" && !e.typist.keep(name, func() { e.do(name) }) {
		e.do(name)
	}
}

// pressConcept takes a concept that was clicked.
func (e *editor) pressConcept(c domain.Concept) {
	if !e.typist.keep("concept", func() { e.pick(c) }) {
		e.pick(c)
	}
}

// do does an action by its name; false for one that is not the editor's.
func (e *editor) do(name string) bool {
	switch name {
	case "next":
		e.step(1)
	case "previous":
		e.step(-1)
	case "next_empty":
		e.nextEmpty()
	case "useful":
		e.to.useful()
	case "similar":
		e.similar()
	case "without":
		e.without()
	case "reviewed":
		if e.point.ID != 0 {
			e.review([]studio.Datapoint{e.point})
		}
	case "split":
		if e.point.ID != 0 {
			e.flipSplit([]studio.Datapoint{e.point})
		}
	case "test":
		if e.point.ID != 0 {
			e.flipTest([]studio.Datapoint{e.point})
		}
	case "copy_previous":
		e.copyPrevious()
	case "accept":
		e.decide(true, false)
	case "reject":
		e.decide(false, false)
	case "accept_all":
		e.decide(true, true)
	case "box":
		e.toggleTool()
	case "delete":
		e.delete()
	case "next_region":
		e.annotator.SelectNext(1)
	case "previous_region":
		e.annotator.SelectNext(-1)
	case "copy":
		e.annotator.Copy()
	case "paste":
		e.annotator.Paste()
	case "select_all":
		e.annotator.SelectAll()
	case "zoom_in":
		e.annotator.Zoom(1.25)
	case "zoom_out":
		e.annotator.Zoom(1 / 1.25)
	case "details":
		e.to.fold()
	case "find_concept":
		e.to.find()
	case "fit":
		e.annotator.Fit()
	case "actual":
		e.annotator.Actual()
	case "hide":
		e.annotator.SetHidden(!e.annotator.Hidden())
		e.hide.SetSelected(e.annotator.Hidden())
		if e.annotator.Hidden() {
			e.hide.SetIcon(icons.EyeOff)
		} else {
			e.hide.SetIcon(icons.Eye)
		}
	case "help":
		e.to.help()
	case "back":
		e.to.back()
	default:
		if by, ok := nudges[name]; ok {
			e.annotator.Nudge(by[0], by[1])
			return true
		}
		return false
	}
	return true
}

// nudges move what is selected by so many pixels to the right and down.
var nudges = map[string][2]int{
	"nudge_left": {-1, 0}, "nudge_right": {1, 0}, "nudge_up": {0, -1}, "nudge_down": {0, 1},
	"nudge_left_10": {-10, 0}, "nudge_right_10": {10, 0}, "nudge_up_10": {0, -10}, "nudge_down_10": {0, 10},
}

func (e *editor) step(by int) {
	to := e.at + by
	switch {
	case to < 0:
		e.shell.Notify("This is the first image.")
	case to >= len(e.ids):
		e.shell.Notify("This is the last image.")
	default:
		e.show(to)
	}
}

// pick takes a concept: for the image, for the selected boxes, or to draw with.
func (e *editor) pick(c domain.Concept) {
	if e.point.ID == 0 {
		return
	}
	if !e.view.Type.HasBoxes() {
		at := e.at
		e.giveConcept(e.view.Type, []studio.Datapoint{e.point}, c)
		if e.view.Type.ExactlyOne() && e.to.goOn() && at+1 < len(e.ids) {
			e.show(at + 1)
		}
		return
	}
	e.brush = c.ID
	e.annotator.SetBrush(widgets.Mark{Value: c.ID, Label: c.Name, Color: colorOf(c)})
	selected := e.annotator.Selected()
	if len(selected) > 0 {
		marks := e.annotator.Marks()
		different := false
		for _, i := range selected {
			different = different || marks[i].Value != c.ID
			marks[i].Value = c.ID
		}
		if different {
			e.changed(marks, "Change concept")
		}
	}
	e.tell(aboutOpened)
}

func (e *editor) without() {
	if e.point.ID == 0 {
		return
	}
	d := e.point
	switch {
	case e.view.Type.ExactlyOne():
		e.shell.Notify(exactlyOne)
		return
	case e.view.Type.HasBoxes() && len(d.Regions) > 0:
		e.shell.Notify("There are boxes on this image: delete them first (Ctrl+A, Delete).")
		return
	}
	e.withoutConcept([]studio.Datapoint{d})
}

func (e *editor) toggleTool() {
	if !e.view.Type.HasBoxes() {
		e.shell.Notify("Boxes are drawn in detection views; this is a " + string(e.view.Type) + ".")
		return
	}
	to := widgets.ToolBox
	if e.annotator.Tool() == widgets.ToolBox {
		to = widgets.ToolSelect
	}
	e.annotator.SetTool(to)
	e.boxTool.SetSelected(to == widgets.ToolBox)
}

// delete takes the selected boxes away; where there are none, the annotation.
func (e *editor) delete() {
	if e.annotator.DeleteSelected() || e.point.ID == 0 {
		return
	}
	if e.view.Type.HasBoxes() && len(e.point.Regions) > 0 {
		text := "Select a box first: click it, or press Tab."
		if e.annotator.Hidden() {
			text = "The boxes are hidden: show them first (H)."
		}
		e.shell.Notify(text)
		return
	}
	if e.point.Annotated {
		e.clear([]studio.Datapoint{e.point})
	}
}

// copyPrevious adds the regions of the image before this one; in other views it gives this one the same concepts.
func (e *editor) copyPrevious() {
	if e.at == 0 || e.point.ID == 0 {
		e.shell.Notify("There is no image before this one.")
		return
	}
	if e.view.Type.HasBoxes() && e.annotator.Hidden() {
		e.shell.Notify("The boxes are hidden: show them first (H).")
		return
	}
	id, turn := e.ids[e.at-1], e.turn
	take := func(d studio.Datapoint) {
		if turn != e.turn {
			return
		}
		if !d.Annotated {
			e.shell.Notify("The image before is not annotated.")
			return
		}
		if !e.view.Type.HasBoxes() {
			e.copyConcepts(e.point, d)
			return
		}
		var marks []widgets.Mark
		for _, r := range d.Regions {
			if r.Box != nil && len(r.Concepts) > 0 {
				c := e.byID[r.Concepts[0]]
				marks = append(marks, widgets.Mark{Value: c.ID, Box: within(*r.Box, d.SourceBox), Label: c.Name, Color: colorOf(c)})
			}
		}
		if len(marks) == 0 {
			e.shell.Notify("The image before has no boxes.")
			return
		}
		e.annotator.Add(marks, "Copy boxes")
	}
	if d, ok := e.memory.point(id); ok {
		take(d)
		return
	}
	var list []studio.Datapoint
	e.typist.searching = true // what is typed next comes after it
	done := func() {
		if turn == e.turn {
			e.typist.searching = false
		}
	}
	e.shell.Do("read the previous image", func(ctx context.Context) (err error) {
		e.writer.wait(ctx)
		if list, err = e.project.DatapointsByID(ctx, []int64{id}); err != nil {
			fyne.Do(done)
		}
		return err
	}, func() {
		done()
		if len(list) == 1 {
			take(list[0])
		}
		e.typist.release()
	})
}

// nextEmpty goes on to the next image nobody has annotated, in the list's order and from its beginning again.
func (e *editor) nextEmpty() {
	view, ids, at, turn := e.view.ID, e.ids, e.at, e.turn
	to := -1
	e.typist.searching = true
	found := func() {
		if turn == e.turn {
			e.typist.searching = false
		}
	}
	e.shell.Do("find the next image", func(ctx context.Context) error {
		e.writer.wait(ctx)
		list, err := e.project.DatapointIDs(ctx, studio.Query{View: view, State: studio.StateNotAnnotated})
		if err != nil {
			fyne.Do(found)
			return err
		}
		open := make(map[int64]bool, len(list))
		for _, id := range list {
			open[id] = true
		}
		for k := 1; k <= len(ids); k++ {
			if i := (at + k) % len(ids); open[ids[i]] {
				to = i
				break
			}
		}
		return nil
	}, func() {
		found()
		defer e.typist.release()
		switch {
		case turn != e.turn:
		case to < 0:
			e.shell.Notify("All " + words.Count(len(ids), "image is", "images are") + " annotated.")
		case to == at:
			e.shell.Notify("This is the last image that is not annotated.")
		default:
			e.show(to)
		}
	})
}
