// Package icons has the pictures drawn for this program. Each is an SVG of one colour that follows the theme, made by
// the strokes in icons/draw; the program's own icon is app.svg.
package icons

import (
	"embed"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

//go:generate go run ./draw

//go:embed *.svg *.png
var files embed.FS

// App is the program's own icon, in its colours.
var App = plain("app.png")

// The pictures, by what they stand for.
var (
	Classification, Tagging, Detection = icon("classification"), icon("tagging"), icon("detection")
	Views, Library, Training           = icon("views"), icon("library"), icon("training")

	Add, Remove, Close, Check       = icon("add"), icon("remove"), icon("close"), icon("check")
	Back, Previous, Next, Expand    = icon("back"), icon("previous"), icon("next"), icon("expand")
	More, Menu, Search, Filter      = icon("more"), icon("menu"), icon("search"), icon("filter")
	Sort, Edit, Delete              = icon("sort"), icon("edit"), icon("delete")
	Undo, Redo, Copy                = icon("undo"), icon("redo"), icon("copy")
	Import, Export, Save            = icon("import"), icon("export"), icon("save")
	Open, Folder, Image, Images     = icon("open"), icon("folder"), icon("image"), icon("images")
	Broken, Settings, Help, Info    = icon("broken"), icon("settings"), icon("help"), icon("info")
	Warning, Error, Key             = icon("warning"), icon("error"), icon("key")
	Eye, EyeOff, Sun, Moon          = icon("eye"), icon("eyeoff"), icon("sun"), icon("moon")
	Contrast, Brightness            = icon("contrast"), icon("brightness")
	Box, Pointer, Without           = icon("box"), icon("pointer"), icon("without")
	Fit, Actual, ZoomIn, ZoomOut    = icon("fit"), icon("actual"), icon("zoomin"), icon("zoomout")
	Split, Reviewed, NextEmpty      = icon("split"), icon("reviewed"), icon("nextempty")
	Grid, Hand                      = icon("grid"), icon("hand")
	Train, Stop, Pause, Resume      = icon("train"), icon("stop"), icon("pause"), icon("resume")
	Again, Queue, Curves            = icon("again"), icon("queue"), icon("curves")
	Evaluate, Try, Compare, Network = icon("evaluate"), icon("try"), icon("compare"), icon("network")
	Processor, Clock, Log, Camera   = icon("processor"), icon("clock"), icon("log"), icon("camera")
	Data                            = icon("data")
)

func icon(name string) fyne.Resource { return theme.NewThemedResource(plain(name + ".svg")) }

func plain(name string) fyne.Resource {
	b, err := files.ReadFile(name)
	if err != nil {
		panic(fmt.Sprintf("icons: %s is not drawn: %v", name, err)) // a name of this file: the test of the package fails
	}
	return fyne.NewStaticResource("viewfinder_"+name, b)
}
