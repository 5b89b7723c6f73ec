package library

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio/runs"
	"viewfinder/icons"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// restoreBar stands below the table while there are deleted versions that can be brought back.
type restoreBar struct {
	page    *Page
	content *fyne.Container
	message *look.Styled
	link    *widgets.Link
	deleted []runs.Version
}

func newRestoreBar(p *Page) *restoreBar {
	b := &restoreBar{page: p, message: look.Small("").Cut()}
	b.link = widgets.NewLink("", b.choose)
	icon := widget.NewIcon(icons.Delete)
	b.content = container.NewStack(look.PadXY(20, 8, look.Row(8, icon, b.message, b.link, layout.NewSpacer())))
	b.content.Hide()
	return b
}

func (b *restoreBar) set(deleted []runs.Version) {
	b.deleted = deleted
	b.content.Hidden = len(deleted) == 0
	switch n := len(deleted); {
	case n == 1:
		b.message.SetText(deleted[0].Name + " is permanently deleted when the project is closed.")
		b.link.Set("Restore", b.choose)
	case n > 1:
		b.message.SetText(words.Count(n, "version") + " are permanently deleted when the project is closed.")
		b.link.Set("Restore …", b.choose)
	}
	b.content.Refresh()
}

// choose brings back the one there is, or asks which.
func (b *restoreBar) choose() {
	if len(b.deleted) == 1 {
		b.restore(b.deleted[0])
		return
	}
	var items []*fyne.MenuItem
	for _, v := range b.deleted {
		items = append(items, fyne.NewMenuItem(v.Name, func() { b.restore(v) }))
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(b.link)
	menu := widget.NewPopUpMenu(fyne.NewMenu("", items...), b.page.shell.Window().Canvas())
	menu.ShowAtPosition(at.SubtractXY(0, menu.MinSize().Height))
}

func (b *restoreBar) restore(v runs.Version) {
	s := b.page.shell
	var back runs.Version
	s.Do("restore "+v.Name, func(ctx context.Context) (err error) {
		back, err = b.page.project.RestoreVersion(ctx, v.ID)
		return err
	}, func() {
		s.Notify(back.Name + " is restored")
		b.page.loader.Load()
	})
}
