//go:build !headless

package main

import (
	"viewfinder/app"
	"viewfinder/app/command"
)

// openWindow opens the window. This is the only file that brings the window, and with it Fyne, into the program.
var openWindow = func(w command.Window) error {
	return app.Run(app.Options{Project: w.Project, Sample: w.Sample, Tab: w.Tab, View: w.View, Image: w.Image, Texts: texts()})
}
