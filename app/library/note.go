package library

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"viewfinder/app/page"
	"viewfinder/app/studio/runs"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// noteField is a person's words about a version, kept a moment after they were typed.
type noteField struct {
	shell   page.Shell
	project noting
	content fyne.CanvasObject
	entry   *widgets.Entry
	message *look.Styled
	id      int64
	saved   string // as the project has it
	filling bool
	timer   *time.Timer
}

// notePause is how long after the last key a note is kept.
const notePause = 700 * time.Millisecond

func newNoteField(s page.Shell, p noting) *noteField {
	n := &noteField{shell: s, project: p, entry: widgets.NewLinesEntry(), message: look.Small("")}
	n.entry.SetPlaceHolder("What was tried, and with what result")
	n.entry.SetMinRowsVisible(3)
	n.entry.OnChanged = func(string) {
		if n.filling {
			return
		}
		n.message.SetText("")
		if n.timer != nil {
			n.timer.Stop()
		}
		n.timer = time.AfterFunc(notePause, func() { fyne.Do(n.save) })
	}
	n.content = look.Panel(container.NewVBox(look.Row(8, look.Strong("Note"), n.message), n.entry))
	return n
}

// set shows a version's note; what is being typed is left alone.
func (n *noteField) set(v runs.Version) {
	if n.id == v.ID && n.entry.Text != n.saved {
		return
	}
	n.id, n.saved = v.ID, v.Note
	if n.entry.Text != v.Note {
		n.filling = true
		n.entry.SetText(v.Note)
		n.filling = false
	}
}

// save keeps what was typed; also called when the page goes.
func (n *noteField) save() {
	if n.timer != nil {
		n.timer.Stop()
	}
	text, id := n.entry.Text, n.id
	if id == 0 || text == n.saved {
		return
	}
	n.shell.Do("keep the note", func(ctx context.Context) error { return n.project.SetNote(ctx, id, text) }, func() {
		if n.id == id {
			n.saved = text
			n.message.SetText("kept")
		}
	})
}

// note asks for a version's note in a dialog of its own.
func (p *Page) note(v runs.Version) {
	field := widgets.NewLinesEntry()
	field.SetText(v.Note)
	field.SetMinRowsVisible(6)
	problem := look.NewStyled("", look.TextSmall, false, theme.ColorNameError)
	d := widgets.NewDialog("Note on "+v.Name, look.Width(440, container.NewVBox(field, problem)), p.shell.Window())
	d.SetButtons(widgets.NewButton("Cancel", d.Close), widgets.NewButton("Keep", func() {
		text := field.Text
		page.Try(p.shell, d, problem, "keep the note", func(ctx context.Context) error { return p.project.SetNote(ctx, v.ID, text) }, nil)
	}).Important(false))
	d.Show(field)
}
