// Package project is the project page: what there is in each view and what stands out, dividing images into splits, and the trash.
package project

import (
	"context"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/editing"
	"viewfinder/app/studio/session"
	"viewfinder/icons"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// Page is the project page, a sheet over the window.
type Page struct {
	shell   page.Shell
	project Project
	d       *dialog.CustomDialog
	body    *fyne.Container
	near    *nearPanel
}

// Show opens the project page.
func Show(s page.Shell, project Project) *Page {
	p := &Page{shell: s, project: project, body: container.NewStack(look.MutedWrapped("Counting …"))}
	p.d = dialog.NewCustomWithoutButtons(project.Name(), p.body, s.Window())
	trash := widget.NewButtonWithIcon("Trash …", icons.Delete, func() { p.d.Hide(); ShowTrash(s, project) })
	p.d.SetButtons([]fyne.CanvasObject{trash, widget.NewButton("Close", p.d.Hide)})
	size := s.Window().Canvas().Size()
	p.d.SetOnClosed(func() {
		if p.near != nil {
			p.near.stop()
		}
	})
	p.d.Resize(fyne.NewSize(fyne.Min(760, size.Width-60), fyne.Min(640, size.Height-80)))
	p.d.Show()
	p.load()
	return p
}

func (p *Page) load() {
	var facts []editing.ViewFacts
	var sum session.Summary
	p.shell.Do("count the project's images", func(ctx context.Context) (err error) {
		if sum, err = p.project.Summary(ctx, 0); err == nil {
			facts, err = p.project.ProjectFacts(ctx)
		}
		return err
	}, func() { p.show(sum, facts) })
}

func (p *Page) show(sum session.Summary, facts []editing.ViewFacts) {
	rows := container.New(layout.NewCustomPaddedVBoxLayout(12))
	switch {
	case sum.Images == 0:
		rows.Add(look.MutedWrapped("There are no images in this project yet. Import some, or drop a folder, files or a ZIP on the window."))
	case len(facts) == 0:
		rows.Add(look.MutedWrapped(words.Count(sum.Images, "image") + ", and no view yet: a view says what is to be recognised in them."))
	default:
		rows.Add(look.Plain(words.Count(sum.Images, "image") + " in the project."))
	}
	for _, f := range facts {
		rows.Add(p.view(f))
	}
	if sum.Images > 1 {
		if p.near == nil {
			p.near = newNearPanel(p)
		}
		rows.Add(look.Panel(p.near.content))
	}
	p.body.Objects = []fyne.CanvasObject{container.NewVScroll(look.PadXY(6, 2, rows))}
	p.body.Refresh()
}

// links lead to the images that are in a state, and to those of each concept.
func (p *Page) links(f editing.ViewFacts, total studio.SplitCounts) fyne.CanvasObject {
	row := widgets.NewFlow(10)
	to := func(text string, n int, state studio.State, concept int64) {
		if n > 0 {
			row.Add(widgets.NewLink(text+" "+words.Number(n), func() {
				p.d.Hide()
				p.shell.ShowGallery(f.ID, state, concept)
			}))
		}
	}
	to("Not annotated", total.NotAnnotated(), studio.StateNotAnnotated, 0)
	to("Without concept", total.WithoutConcept, studio.StateWithoutConcept, 0)
	to("To review", total.Annotated-total.Reviewed, studio.StateNotReviewed, 0)
	to("Suggested", total.Suggested, studio.StateSuggested, 0)
	for _, c := range f.Concepts {
		to(c.Name, c.All(), studio.StateAll, c.ID)
	}
	return row
}

// view is what the page says about one view.
func (p *Page) view(f editing.ViewFacts) fyne.CanvasObject {
	total := f.Counts.Total()
	name := widgets.NewLink(f.Name, func() {
		p.d.Hide()
		p.shell.SetView(f.ID)
		p.shell.ShowTab(page.Views)
	})
	divide := widget.NewButtonWithIcon("Divide …", icons.Split, func() { p.d.Hide(); ShowSplit(p.shell, p.project, f.View, nil) })
	if total.All == 0 {
		divide.Disable()
	}
	head := look.Row(8, name, look.Small(string(f.Type)), layout.NewSpacer(), divide)
	rows := container.New(layout.NewCustomPaddedVBoxLayout(5), head)
	if f.Condition != "" {
		rows.Add(look.Small(f.Condition))
	}
	bars := []widgets.UseBar{
		{Name: "all", Color: look.Color(look.ColorMuted), Train: f.Counts.Train.All, Val: f.Counts.Val.All, Test: f.Counts.Test.All},
		{Name: "annotated", Train: f.Counts.Train.Annotated, Val: f.Counts.Val.Annotated, Test: f.Counts.Test.Annotated},
	}
	for _, c := range f.Concepts {
		bar := widgets.UseBar{Name: c.Name, Train: c.Train, Val: c.Val, Test: c.Test, Warn: c.Train == 0}
		if parsed, ok := look.ParseColor(c.Color); ok {
			bar.Color = color.Color(parsed)
		}
		bars = append(bars, bar)
	}
	if n := total.WithoutConcept; n > 0 {
		bars = append(bars, widgets.UseBar{Name: "without concept", Color: look.Color(look.ColorMuted), Train: f.Counts.Train.WithoutConcept, Val: f.Counts.Val.WithoutConcept, Test: f.Counts.Test.WithoutConcept})
	}
	use := widgets.NewUseBars()
	use.Set(bars)
	rows.Add(use)
	rows.Add(p.links(f, total))
	for _, finding := range f.Findings {
		mark := widget.NewIcon(theme.NewWarningThemedResource(icons.Warning))
		rows.Add(container.NewBorder(nil, nil, container.NewVBox(mark), nil, look.MutedWrapped(finding)))
	}
	return look.Panel(rows)
}
