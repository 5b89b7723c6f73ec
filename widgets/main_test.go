package widgets

import (
	"os"
	"testing"
)

// pending is what belongs on the window's thread: the tests run it themselves, so that no goroutine touches a widget beside them.
var pending = make(chan func(), 4096)

func TestMain(m *testing.M) {
	Do = func(f func()) { pending <- f }
	os.Exit(m.Run())
}
