// Package threadtest puts a queue in place of the window's thread, which the test driver has none of: what is given to fyne.Do waits until the test
// runs it, so that no goroutine touches a widget beside the test.
package threadtest

import "fyne.io/fyne/v2"

// Use makes an app that is like a, with what belongs on the window's thread put into queue, and has it be the current one.
func Use(a fyne.App, queue chan<- func()) fyne.App {
	q := app{a, driver{a.Driver(), queue}}
	fyne.SetCurrentApp(q)
	return q
}

type app struct {
	fyne.App
	driver driver
}

// Driver implements fyne.App.
func (a app) Driver() fyne.Driver { return a.driver }

type driver struct {
	fyne.Driver
	queue chan<- func()
}

// DoFromGoroutine implements fyne.Driver.
func (d driver) DoFromGoroutine(f func(), wait bool) {
	if !wait {
		d.queue <- f
		return
	}
	done := make(chan struct{})
	d.queue <- func() {
		defer close(done)
		f()
	}
	<-done
}
