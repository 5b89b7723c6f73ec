package app

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"viewfinder/widgets/threadtest"
)

// After the window is closed, what its background work has to show is dropped: there is no thread of the window's any more.
func TestNothingIsShownAfterTheWindowIsClosed(t *testing.T) {
	queue := make(chan func(), 8)
	w := newWindow(threadtest.Use(test.NewTempApp(t), queue))
	ran := 0
	fyne.Do(func() { ran++ })
	w.leave()
	fyne.Do(func() { ran++ })
	fyne.DoAndWait(func() { ran++ })
	for len(queue) > 0 {
		(<-queue)()
	}
	if ran != 1 {
		t.Fatalf("%d of three were run, the one from before the window was closed is meant", ran)
	}
}
