package try

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"viewfinder/icons"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// bar is what stands above the images.
type bar struct {
	try      *Try
	content  fyne.CanvasObject
	back     *widgets.Link
	message  *look.Styled
	progress *widget.ProgressBar
	stop     *widget.Button
	export   *widget.Button
	adopt    *widget.Button
}

func newBar(t *Try) *bar {
	b := &bar{try: t}
	b.back = widgets.NewLink("", t.showGrid)
	b.message = look.Small("")
	b.progress = widget.NewProgressBar()
	b.progress.TextFormatter = func() string { return "" }
	b.stop = widget.NewButton("Cancel", func() {
		if t.stop != nil {
			t.stop()
		}
	})
	more := widget.NewButtonWithIcon("Add …", icons.Add, nil)
	more.OnTapped = func() {
		menu := fyne.NewMenu("",
			withIcon("Images …", icons.Image, t.chooseImages),
			withIcon("A folder …", icons.Folder, t.chooseFolder),
			withIcon("Paste", icons.Copy, t.paste),
			fyne.NewMenuItemSeparator(),
			withIcon("Watch a folder …", icons.Try, t.watchFolder),
			withIcon("Remove all", icons.Close, t.clear))
		below(more, menu, t.shell.Window())
	}
	b.export = widget.NewButtonWithIcon("Export …", icons.Export, nil)
	b.export.OnTapped = func() {
		menu := fyne.NewMenu("", fyne.NewMenuItem("Table (CSV)", func() { t.exportAs("csv") }), fyne.NewMenuItem("JSON", func() { t.exportAs("json") }))
		below(b.export, menu, t.shell.Window())
	}
	b.adopt = widget.NewButtonWithIcon("Add to the project …", icons.Import, t.adopt)
	row := look.Row(8, b.back, b.message, look.Width(120, b.progress), b.stop, layout.NewSpacer(), more, b.export, b.adopt)
	b.content = container.NewVBox(look.PadXY(0, 4, row), look.HLine())
	return b
}

func (b *bar) refresh() {
	t := b.try
	busy := t.stop != nil && t.looked < len(t.items)
	setShown(b.progress, busy)
	setShown(b.stop, busy)
	setShown(b.back, t.single.item != nil && len(t.items) > 1)
	b.back.Set("All "+words.Count(len(t.items), "image"), t.showGrid)
	switch {
	case t.opening:
		b.message.SetText("Loading the network …")
	case busy:
		b.progress.SetValue(float64(t.looked) / float64(len(t.items)))
		b.message.SetText(words.Number(t.looked) + " of " + words.Number(len(t.items)))
	case t.single.item != nil:
		b.message.SetText(t.single.item.name)
	case t.looked < len(t.items):
		b.message.SetText(words.Number(t.looked) + " of " + words.Count(len(t.items), "image") + " predicted, then cancelled")
	default:
		b.message.SetText(words.Count(len(t.items), "image"))
	}
	for _, button := range []*widget.Button{b.export, b.adopt} {
		if t.looked > 0 && t.stop == nil {
			button.Enable()
		} else {
			button.Disable()
		}
	}
}

func setShown(o fyne.CanvasObject, shown bool) {
	if shown {
		o.Show()
	} else {
		o.Hide()
	}
}

func withIcon(text string, icon fyne.Resource, do func()) *fyne.MenuItem {
	m := fyne.NewMenuItem(text, do)
	m.Icon = icon
	return m
}

// below shows a menu under a button.
func below(b *widget.Button, m *fyne.Menu, w fyne.Window) {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(b)
	widget.ShowPopUpMenuAtPosition(m, w.Canvas(), at.AddXY(0, b.Size().Height))
}
