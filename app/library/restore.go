package library

import (
	"context"
	"errors"
	"slices"
	"strings"

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

func (b *restoreBar) restore(versions ...runs.Version) {
	s := b.page.shell
	b.page.forgetRemoved(versions)
	what := words.Count(len(versions), "version")
	if len(versions) == 1 {
		what = versions[0].Name
	}
	var names []string // a name that was given to another version meanwhile is changed
	s.Do("restore "+what, func(ctx context.Context) (err error) {
		for _, v := range versions {
			back, failed := b.page.project.RestoreVersion(ctx, v.ID)
			if err = errors.Join(err, failed); failed == nil {
				names = append(names, back.Name)
			}
		}
		return err
	}, func() {
		if len(names) == 1 {
			s.Notify(names[0] + " is restored")
		} else {
			s.Notify(strings.Join(names, ", ") + " are restored")
		}
		b.page.loader.Load()
	})
}

// forgetRemoved takes versions from what TakeBack restores.
func (p *Page) forgetRemoved(versions []runs.Version) {
	for i, together := range p.removed {
		p.removed[i] = slices.DeleteFunc(slices.Clone(together), func(v runs.Version) bool {
			return slices.ContainsFunc(versions, func(w runs.Version) bool { return w.ID == v.ID })
		})
	}
	p.removed = slices.DeleteFunc(p.removed, func(together []runs.Version) bool { return len(together) == 0 })
}
