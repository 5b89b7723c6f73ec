package app

import (
	"context"
	"testing"

	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/widgets"
)

// TestCloseDuringAnImport: while something that takes long is not finished the window asks before it closes; closing cancels it, and the answer in focus
// does not close.
func TestCloseDuringAnImport(t *testing.T) {
	w := open(t, Options{View: "Colour"})
	ended := make(chan error, 1)
	w.shell.Long("Importing", func(ctx context.Context, _ session.Progress) error {
		<-ctx.Done()
		ended <- ctx.Err()
		return ctx.Err()
	}, func(error) {})
	overlays := len(w.win.Canvas().Overlays().List())
	w.close()
	w.close() // pressed twice: asked once
	if w.closed.Load() || len(w.win.Canvas().Overlays().List()) != overlays+1 {
		t.Fatalf("closed %v; %d dialogs above %d", w.closed.Load(), len(w.win.Canvas().Overlays().List()), overlays)
	}
	w.escape()
	if w.closed.Load() || w.asking || len(ended) > 0 || len(w.win.Canvas().Overlays().List()) != overlays {
		t.Fatal("Escape does not go back to the import")
	}
	w.close()
	for _, b := range found[*widgets.Button](w.win.Canvas().Overlays().Top()) {
		if b.Text == "Cancel it and close" {
			b.OnTapped()
		}
	}
	if !w.closed.Load() {
		t.Error("the window is still open")
	}
	w.closeProject()
	if err := <-ended; err == nil {
		t.Error("the import goes on")
	}
}

// TestNothingIsRememberedUnasked: the question about a training is asked again unless a person ticks otherwise.
func TestNothingIsRememberedUnasked(t *testing.T) {
	w := open(t, Options{View: "Colour"})
	w.askClosing(runs.Version{}, func() {})
	boxes := found[*widget.Check](w.win.Canvas().Overlays().Top())
	if len(boxes) != 1 || boxes[0].Checked {
		t.Errorf("the boxes to ask no more: %+v", boxes)
	}
	w.escape()
}
