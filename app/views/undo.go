package views

import (
	"context"
	"errors"
	"slices"

	"fyne.io/fyne/v2"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/editing"
)

// Undo takes the last action of the session back, or makes it again, in its place between what was done before and what is done next; then
// what it changed is shown. What is typed meanwhile is meant for that.
func (p *Page) Undo(redo bool) {
	again := func() { p.undo(redo) }
	switch t := &p.editor.typist; {
	case p.editor.isOpen() && (t.searching || len(t.keys) > 0): // what was typed before comes first
		t.keys = append(t.keys, again)
		return
	case len(p.gate.waiting) > 0:
		p.gate.pass(again)
		return
	}
	p.undo(redo)
}

func (p *Page) undo(redo bool) {
	project, looking := p.project, p.shell.View().ID
	do, doing := project.Undo, "undo"
	if redo {
		do, doing = project.Redo, "redo"
	}
	p.gate.close()
	p.editor.typist.undoing++
	var u editing.Undone
	p.writer.add(job{doing: doing, any: true, work: func(ctx context.Context) (err error) {
		u, err = do(ctx, looking)
		if errors.Is(err, studio.ErrNothingToUndo) || errors.Is(err, studio.ErrNothingToRedo) {
			return nil
		}
		return err
	}, after: func(err error) {
		p.editor.typist.undoing--
		if p.shell.Context().Err() != nil {
			return
		}
		if err == nil {
			p.undone(u, redo)
		}
		p.gate.open()
		p.editor.typist.release()
	}})
}

// undone says what was undone and shows where.
func (p *Page) undone(u editing.Undone, redo bool) {
	switch {
	case u.Label == "" && redo:
		p.shell.Notify("There is nothing to redo.")
		return
	case u.Label == "":
		p.shell.Notify("There is nothing to undo.")
		return
	case redo:
		p.shell.Notify("Redone: " + u.Label)
	default:
		p.shell.Notify("Undone: " + u.Label)
	}
	p.forget() // what is remembered of any datapoint may be what was undone
	p.editor.ahead.forgetPoints()
	if len(u.Datapoints) == 0 {
		p.editor.renew()
		return
	}
	if !p.visible {
		p.shell.ShowTab(page.Views)
	}
	e := p.editor
	switch {
	case !e.isOpen():
		p.gallery.choose(u.Datapoints...)
		if u.View != p.shell.View().ID {
			p.shell.SetView(u.View)
		} else {
			p.load(true)
		}
	case u.View == e.view.ID && slices.Contains(u.Datapoints, e.shownID()):
		e.renew()
	default:
		at := -1
		if u.View == e.view.ID {
			changed := make(map[int64]bool, len(u.Datapoints))
			for _, id := range u.Datapoints {
				changed[id] = true
			}
			at = slices.IndexFunc(e.ids, func(id int64) bool { return changed[id] })
		}
		if at >= 0 {
			e.show(at)
		} else {
			p.openThere(u)
		}
	}
}

// openThere opens the annotator on what was undone in another view, or beyond the list that it goes through.
func (p *Page) openThere(u editing.Undone) {
	if u.View != p.shell.View().ID {
		p.shell.SetView(u.View)
	}
	project := p.project
	var v studio.View
	var ids []int64
	typist := &p.editor.typist
	typist.searching = true
	p.shell.Do("find the image", func(ctx context.Context) (err error) {
		if v, err = project.View(ctx, u.View); err == nil {
			ids, err = project.DatapointIDs(ctx, studio.Query{View: u.View})
		}
		if err != nil {
			fyne.Do(func() { typist.searching = false })
		}
		return err
	}, func() {
		typist.searching = false
		if at := slices.Index(ids, u.Datapoints[0]); at >= 0 {
			p.openIDs(v, ids, at)
		}
		typist.release()
	})
}
