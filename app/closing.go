package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio/runs"
	"viewfinder/app/version"
	"viewfinder/storage/domain"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// What becomes of a training when the window is closed.
const (
	closeGoesOn = "goes_on"
	closeStops  = "stops"
)

// askLong asks, while an import or something else that takes long is not finished, whether to close all the same, which cancels it, and then goes on
// with closing the window.
func (w *window) askLong(then func()) {
	if len(w.long) == 0 {
		then()
		return
	}
	if w.asking {
		return
	}
	w.asking = true
	confirm(w.win, "Close before it is finished?", w.long[0]+" is not finished. Closing cancels it.", "Cancel it and close", true, then, func() { w.asking = false })
}

// askTraining asks what is to become of the training that runs, unless that was answered before, and then goes on with closing the window.
func (w *window) askTraining(then func()) {
	if w.shell == nil || w.shell.train.Running().ID == 0 {
		then()
		return
	}
	v := w.shell.train.Running()
	switch w.settings.CloseTraining {
	case closeGoesOn:
		then()
	case closeStops:
		w.stopAndClose(v, then)
	default:
		w.askClosing(v, then)
	}
}

func (w *window) askClosing(v runs.Version, then func()) {
	if w.asking {
		return
	}
	w.asking = true
	remember := widget.NewCheck("Always do this (can be changed in the settings)", nil)
	var d *widgets.Dialog
	choose := func(what string, do func()) func() {
		return func() {
			if remember.Checked {
				w.settings.CloseTraining = what
			}
			d.Close()
			do()
		}
	}
	back := widgets.NewButton("Cancel", func() { d.Close() })
	stop := widgets.NewButton("Stop training", choose(closeStops, func() { w.stopAndClose(v, then) }))
	goOn := widgets.NewButton("Keep training", choose(closeGoesOn, then)).Important(false)
	text := fmt.Sprintf("%s is training. It can continue without the window and is shown again when you open the project. Or stop it now: its progress is saved, and Resume continues exactly there.", v.Name)
	d = widgets.NewDialog("Close while training?", look.Width(460, container.NewVBox(look.Wrapped(text), remember)), w.win)
	d.OnClosed = func() { w.asking = false }
	d.SetButtons(back, stop, goOn)
	d.Show(goOn)
}

// stopPatience is how long closing waits until the training was asked to stop; the trainer keeps its state by itself then.
const stopPatience = 5 * time.Second

func (w *window) stopAndClose(v runs.Version, then func()) {
	p := w.shell.project
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), stopPatience)
		defer cancel()
		if err := p.Stop(ctx, v.ID); err != nil {
			slog.Warn("the training was not stopped", "version", v.Name, "error", err)
		}
		fyne.Do(then)
	}()
}

// trainingEnded tells by the system's notifications how a training ended, where the window has not the focus.
func (w *window) trainingEnded(v runs.Version) {
	if !w.away {
		return
	}
	title := v.Name + " is " + string(v.Status)
	switch v.Status {
	case domain.StatusFailed:
		title = v.Name + " failed"
	case domain.StatusInterrupted:
		title = v.Name + " was interrupted"
	}
	w.app.SendNotification(fyne.NewNotification(title, version.Sentence(v, time.Now())))
}

// The settings on trainings.

var closeWords = []string{"Ask", "Keep training", "Stop training"}

func (w *window) closeTrainingChoice() fyne.CanvasObject {
	kinds := []string{"", closeGoesOn, closeStops}
	choice := widget.NewRadioGroup(closeWords, nil)
	choice.Horizontal, choice.Required = true, true
	for i, k := range kinds {
		if w.settings.CloseTraining == k {
			choice.SetSelected(closeWords[i])
		}
	}
	choice.OnChanged = func(s string) {
		for i, word := range closeWords {
			if word == s {
				w.settings.CloseTraining = kinds[i]
				w.settings.save()
			}
		}
	}
	return container.NewVBox(look.MutedWrapped("When the window is closed while training:"), choice)
}

func (w *window) batteryChoice() fyne.CanvasObject {
	c := widget.NewCheck("Pause training on battery power", func(on bool) {
		w.settings.PauseOnBattery = on
		w.settings.save()
	})
	c.Checked = w.settings.PauseOnBattery
	return c
}
