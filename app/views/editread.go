package views

import (
	"errors"
	"slices"

	"fyne.io/fyne/v2"

	"viewfinder/app/studio"
)

// put shows what was done to the datapoint that is open, or keeps it for when it is shown.
func (e *editor) put(d studio.Datapoint) {
	if !e.stale || e.point.ID != d.ID {
		e.ahead.put(d)
	}
	e.putShown(d)
}

// putRead shows what was read of the datapoint that is open, or keeps it.
func (e *editor) putRead(d studio.Datapoint) {
	if e.point.ID == d.ID {
		e.stale = false
	}
	e.ahead.put(d)
	had := len(e.suggestions)
	e.putShown(d)
	if e.point.ID == d.ID && d.ID != 0 && (d.Suggested > 0 || had > 0) {
		e.readSuggestions()
	}
}

func (e *editor) putShown(d studio.Datapoint) {
	if e.isOpen() && e.point.ID == d.ID && d.ID != 0 {
		e.point = d
		e.refresh()
		e.strip.RefreshItem(e.at)
	}
}

// reread reads the open datapoint anew, when its image is among these; nil means any.
func (e *editor) reread(images []int64) {
	if images == nil || len(images) > 500 {
		e.ahead.forgetPoints()
	} else {
		e.ahead.forgetImages(images)
	}
	if !e.isOpen() || e.point.ID == 0 || images != nil && !slices.Contains(images, e.point.Image.ID) {
		return
	}
	key, turn := e.point.Key(), e.turn
	if e.writer.waits(key) {
		return // it is read when that is saved
	}
	now := e.writer.now()
	go func() {
		d, err := e.project.Datapoint(e.shell.Context(), key)
		fyne.Do(func() {
			if turn != e.turn || !e.isOpen() || e.writer.changed(key, now) {
				return
			}
			if err != nil {
				if errors.Is(err, studio.ErrNotFound) {
					e.shell.Notify("This image is no longer in the view.")
					e.to.back()
				}
				return
			}
			e.putRead(d)
			e.keep(d)
		})
	}()
}

// renew reads the annotation of what is shown anew; keys that are meant for it wait until it is there. What was done to it meanwhile is
// read with it.
func (e *editor) renew() {
	if !e.isOpen() || e.at < 0 || e.at >= len(e.ids) {
		return
	}
	turn, id := e.turn, e.ids[e.at]
	e.typist.loading = true
	go func() {
		list, began, err := e.writer.read(e.shell.Context(), []int64{id})
		fyne.Do(func() {
			switch {
			case turn != e.turn || !e.isOpen() || e.shell.Context().Err() != nil:
				return
			case err == nil && len(list) == 1 && e.writer.changed(list[0].Key(), began):
				e.renew()
				return
			case err != nil:
				e.shell.Fail("read the image", err)
			case len(list) == 0:
				e.typist.keys = nil // the image that they were meant for is gone
				e.shell.Notify("This image is no longer in the view.")
				e.to.back()
				return
			default:
				e.putRead(list[0])
				e.keep(list[0])
				e.tell(aboutOpened)
			}
			e.typist.loading = false
			e.typist.release()
		})
	}()
}

// freshened takes what was read anew of a datapoint whose image was ready.
func (e *editor) freshened(d studio.Datapoint) {
	e.keep(d)
	e.putRead(d)
}
