package widgets

import "fyne.io/fyne/v2"

// Do runs f on the window's thread, from any goroutine. It is fyne.Do; tests, which have no window's thread, put a queue of their own in
// its place before anything runs.
var Do = fyne.Do
