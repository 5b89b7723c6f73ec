package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio/session"
	"viewfinder/app/views"
	"viewfinder/icons"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// showSettings shows what a person can choose for the program.
func (w *window) showSettings() {
	general := w.generalSettings()
	keys := newKeySettings(w)
	keys.content.Hide()
	parts := widgets.NewTabs([]widgets.Segment{{Key: "general", Text: "General", Icon: icons.Settings}, {Key: "keys", Text: "Keys", Icon: icons.Key}}, nil)
	parts.OnChange = func(key string) {
		if key == "keys" {
			general.Hide()
			keys.content.Show()
			w.win.Canvas().Focus(keys.search)
		} else {
			keys.content.Hide()
			general.Show()
		}
	}
	body := container.NewBorder(container.NewHBox(parts), nil, nil, nil, look.PadXY(0, 6, container.NewStack(look.Gap(620, min(500, w.win.Canvas().Size().Height-230)), general, keys.content)))
	d := widgets.NewDialog("Settings", body, w.win)
	d.OnClosed = w.focusPage
	done := widgets.NewButton("Close", d.Close)
	d.SetButtons(done)
	d.Show(done)
}

func (w *window) generalSettings() fyne.CanvasObject {
	theme := widget.NewRadioGroup([]string{"System", "Light", "Dark"}, nil)
	theme.Horizontal = true
	theme.SetSelected(map[look.Variant]string{look.System: "System", look.Light: "Light", look.Dark: "Dark"}[look.Chosen()])
	theme.OnChanged = func(s string) {
		v := map[string]look.Variant{"Light": look.Light, "Dark": look.Dark}[s]
		if w.shell != nil {
			w.shell.setTheme(v)
			return
		}
		look.SetVariant(v)
		w.settings.setVariant(v)
	}
	goOn := widget.NewCheck("In a classification view, go to the next image once a concept is set", func(on bool) {
		w.settings.GoOn = &on
		w.settings.save()
	})
	goOn.Checked = w.settings.goOn()
	places := look.MutedWrapped("")
	go func() { // both look at the disk
		text := "New projects: " + session.DefaultFolder()
		if dir, err := session.ConfigDir(); err == nil {
			text += "\nSettings: " + dir
		}
		fyne.Do(func() { places.SetText(text) })
	}()
	return container.NewVBox(
		look.Section("Look"), theme, look.MutedWrapped("Interface scale: set the environment variable FYNE_SCALE, for example to 1.5."),
		look.Section("Annotating"), goOn,
		look.Section("Training"), w.closeTrainingChoice(), w.batteryChoice(),
		look.Section("Folders"), places)
}

// showKeys shows all keys, those of the current view's concepts first.
func (w *window) showKeys() {
	var concepts []views.KeyRow
	if w.shell != nil {
		concepts = w.shell.views.ConceptKeys()
	}
	views.ShowKeys(w.win, w.keys, concepts, w.focusPage)
}

// keysChanged keeps the keys that were chosen and has them count.
func (w *window) keysChanged() {
	w.settings.Keys = w.keys.Chosen()
	w.settings.save()
	w.shortcuts()
	if w.shell != nil {
		w.shell.header.refreshHistory()
	}
}
