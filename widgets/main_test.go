package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"viewfinder/widgets/threadtest"
)

// pending is what belongs on the window's thread: the tests run it themselves, so that no goroutine touches a widget beside them.
var pending = make(chan func(), 4096)

// newApp makes the app of a test.
func newApp(t testing.TB) fyne.App { return threadtest.Use(test.NewTempApp(t), pending) }
