package library

import (
	"context"
	"errors"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/page"
	"viewfinder/app/report"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
)

// reportMenu offers the kinds of report, beneath the button.
func (p *Page) reportMenu(v runs.Version, under fyne.CanvasObject) {
	menu := fyne.NewMenu("",
		fyne.NewMenuItem("PDF", func() { p.askReport(v, ".pdf") }),
		fyne.NewMenuItem("Web page (HTML)", func() { p.askReport(v, ".html") }))
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(under)
	widget.ShowPopUpMenuAtPosition(menu, p.shell.Window().Canvas(), at.AddXY(0, under.Size().Height))
}

// askReport asks where the report goes.
func (p *Page) askReport(v runs.Version, ending string) {
	page.AskSave(p.shell, "Write the report", "report of "+runs.FileName(v.Name)+ending, func(path string) {
		if filepath.Ext(path) == "" {
			path += ending
		}
		p.writeReport(v, path)
	})
}

func (p *Page) writeReport(v runs.Version, path string) {
	p.shell.Long("Writing the report", func(ctx context.Context, progress session.Progress) error {
		return report.Write(ctx, p.project, v.ID, path, progress)
	}, func(err error) {
		switch {
		case errors.Is(err, context.Canceled):
		case err != nil:
			p.shell.Fail("write the report", err)
		default:
			p.shell.Notify("Wrote the report of " + v.Name + " to " + path)
		}
	})
}
