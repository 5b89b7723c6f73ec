package app

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio"
	"viewfinder/icons"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// trouble is an error in a person's words.
type trouble struct{ title, happened, safe, do string }

// explain says what happened, what is safe, what to do.
func explain(doing string, err error) trouble {
	t := trouble{
		title:    "Could not " + doing,
		happened: sentence(err.Error()),
		safe:     "Everything you did before this is saved.",
	}
	var rule *studio.RuleError
	switch {
	case errors.As(err, &rule):
		t.title, t.happened, t.safe = "Not possible", rule.Message, "Nothing was changed."
	case errors.Is(err, studio.ErrLocked):
		t.do = "Close the other window or wait for the command that has it open, then try again."
		t.safe = "Nothing was changed."
	case errors.Is(err, studio.ErrReadOnly):
		t.do = "It was opened to be looked at. To change it, close it wherever else it is open, check the folder's permissions, and open it again."
		t.safe = "Nothing was changed."
	case errors.Is(err, studio.ErrNewerVersion):
		t.do = "Open it with the newer Viewfinder that made it."
		t.safe = "Nothing was changed."
	case errors.Is(err, studio.ErrNotProject):
		t.do = "Choose a folder that contains project.db, or create a new project from the images."
		t.safe = "Nothing was changed."
	case errors.Is(err, studio.ErrExists):
		t.do = "Choose another name or an empty folder."
		t.safe = "Nothing was changed."
	case errors.Is(err, studio.ErrDiskFull):
		t.do = "Free some space on the disk and try again."
	case errors.Is(err, studio.ErrNoPermission), errors.Is(err, fs.ErrPermission):
		t.do = "Check the folder's permissions, or choose another folder."
	case errors.Is(err, studio.ErrDamaged):
		t.do = "The folder backups/ in the project holds earlier copies of project.db. Run “viewfinder check” on the project first."
	case errors.Is(err, fs.ErrNotExist):
		t.do = "Check that the folder still exists and that its disk is connected."
	}
	return t
}

// sentence begins with a capital and ends with a full stop.
func sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return "The reason is unknown."
	}
	r := []rune(text)
	text = strings.ToUpper(string(r[0])) + string(r[1:])
	if !strings.ContainsAny(text[len(text)-1:], ".!?") {
		text += "."
	}
	return text
}

// showError says what could not be done. more are buttons beside Close; pressing one closes the dialog, too.
func showError(win fyne.Window, doing string, err error, more ...answer) {
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	t := explain(doing, err)
	lines := []fyne.CanvasObject{look.Wrapped(t.happened)}
	if t.do != "" {
		lines = append(lines, look.Wrapped(t.do))
	}
	lines = append(lines, look.MutedWrapped(t.safe))
	icon := canvas.NewImageFromResource(theme.NewErrorThemedResource(icons.Error))
	icon.SetMinSize(fyne.NewSize(28, 28))
	icon.FillMode = canvas.ImageFillContain
	var d *widgets.Dialog
	copyButton := widgets.NewButton("Copy details", func() {
		fyne.CurrentApp().Clipboard().SetContent(t.title + "\n" + err.Error())
	})
	closeButton := widgets.NewButton("Close", func() { d.Close() }).Important(false)
	body := container.NewBorder(nil, nil, container.NewVBox(look.Pad(8, icon)), nil, container.NewVBox(lines...))
	d = widgets.NewDialog(t.title, look.Width(460, body), win)
	buttons := []fyne.CanvasObject{copyButton}
	for _, c := range more {
		buttons = append(buttons, widgets.NewButton(c.text, func() {
			d.Close()
			c.do()
		}))
	}
	d.SetButtons(append(buttons, closeButton)...)
	d.Show(closeButton)
}

// answer is a button of a dialog, and what it does.
type answer struct {
	text string
	do   func()
}

// confirm asks before something is done; the safe answer has the focus.
func confirm(win fyne.Window, title, text, action string, dangerous bool, do, closed func()) {
	var d *widgets.Dialog
	cancel := widgets.NewButton("Cancel", func() { d.Close() })
	ok := widgets.NewButton(action, func() {
		d.Close()
		do()
	}).Important(dangerous)
	d = widgets.NewDialog(title, look.Width(420, look.Wrapped(text)), win)
	d.OnClosed = closed
	d.SetButtons(cancel, ok)
	d.Show(cancel)
}

// busy lays a note over the window while something short goes on; the returned function takes it away.
func (w *window) busy(text string) func() {
	bar := widget.NewProgressBarInfinite()
	d := dialog.NewCustomWithoutButtons(text, look.Width(320, bar), w.win)
	bar.Start()
	d.Show()
	w.busies++
	return func() {
		w.busies--
		bar.Stop()
		d.Hide()
	}
}

// progressDialog shows how far something long has come, and lets it be cancelled.
type progressDialog struct {
	d      *dialog.CustomDialog
	bar    *widget.ProgressBar
	what   *look.Styled
	count  *look.Styled
	button *widget.Button
}

func newProgressDialog(win fyne.Window, title string, cancel func()) *progressDialog {
	p := &progressDialog{bar: widget.NewProgressBar(), what: look.Small("").Cut(), count: look.Small("")}
	p.button = widget.NewButtonWithIcon("Cancel", icons.Stop, func() {
		p.button.Disable()
		p.button.SetText("Stopping …")
		cancel()
	})
	p.bar.TextFormatter = func() string { return "" }
	p.d = dialog.NewCustomWithoutButtons(title, look.Width(440, container.NewVBox(p.bar, look.Row(8, p.what, p.count))), win)
	p.d.SetButtons([]fyne.CanvasObject{p.button})
	p.d.Show()
	return p
}

func (p *progressDialog) update(done, total int, what string) {
	p.what.SetText(what)
	if total > 0 {
		p.bar.SetValue(float64(done) / float64(total))
		p.count.SetText(words.Number(done) + " of " + words.Number(total))
	} else if done > 0 {
		p.count.SetText(words.Number(done))
	}
}

func (p *progressDialog) close() { p.d.Hide() }
