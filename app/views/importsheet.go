package views

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/pictures"
	"viewfinder/app/studio/session"
	"viewfinder/app/studio/transfer"
	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// importSheet asks what to import and as what, and shows what was found before anything is touched.
type importSheet struct {
	page    *Page
	d       *widgets.Dialog
	sources []string
	found   []transfer.Found
	failed  []string
	list    *widget.Label
	what    fyne.CanvasObject
	first   *fyne.Container // the first images, with their boxes
	view    *widget.Select
	views   []studio.View // of the choice; the first has ID 0: a new one
	name    *widgets.Entry
	into    *fyne.Container
	split   *widget.Select
	start   *widgets.Button
	busy    *widget.Activity
	turn    int
}

// What becomes of new images.
const (
	splitOfSource = "From the source, otherwise 80 / 20"
	allTo         = "All to "
)

// Import shows the import sheet on these files and folders; nil asks for them there.
func (p *Page) Import(paths []string) {
	s := &importSheet{page: p}
	s.list = look.Wrapped("")
	s.busy = widget.NewActivity()
	s.busy.Hide()
	s.name = widgets.NewEntry()
	s.view = widget.NewSelect(nil, func(string) { s.chosenView() })
	s.into = container.NewVBox(look.Section("Annotations go into"), s.view, s.name)
	s.into.Hide()
	splits := []string{splitOfSource}
	for _, one := range domain.Splits() {
		splits = append(splits, allTo+string(one))
	}
	s.split = widget.NewSelect(splits, nil)
	s.split.SetSelected(splitOfSource)
	folder := widgets.NewIconedButton("Choose a folder …", icons.Folder, s.chooseFolder)
	file := widgets.NewIconedButton("Choose a file …", icons.Image, s.chooseFile)
	paste := widgets.NewIconedButton("Paste", icons.Copy, func() {
		s.d.Close()
		p.Paste()
	})
	s.start = widgets.NewIconedButton("Import", icons.Import, s.run).Important(false)
	s.start.Disable()
	s.what = look.MutedWrapped(importable())
	s.first = container.NewGridWithColumns(firstAcross)
	s.first.Hide()
	path := widgets.NewEntry()
	path.SetPlaceHolder("or type a path, then Enter")
	path.OnSubmitted = func(text string) {
		if text = strings.TrimSpace(text); text != "" {
			s.look([]string{text})
		}
	}
	body := container.NewVBox(s.what, container.NewHBox(folder, file, paste, s.busy), path, s.list, s.first, s.into, look.Section("Split of new images"), s.split)
	s.d = widgets.NewDialog("Import", look.Width(620, body), p.shell.Window())
	s.d.SetButtons(widgets.NewButton("Cancel", s.d.Close), s.start)
	s.d.OnClosed = func() { s.turn++; p.focus() }
	s.d.Show(path)
	if len(paths) > 0 {
		s.look(paths)
	}
}

func (s *importSheet) chooseFolder() {
	page.AskFolder(s.page.shell, "Import a folder", "Choose", "", func(dir string) { s.look([]string{dir}) })
}

func (s *importSheet) chooseFile() {
	widgets.AskFiles(s.page.shell.Window(), widgets.FileRequest{Title: "Import files", Action: "Choose", Several: true}, s.look)
}

// look sees what the sources hold, off the window's thread.
func (s *importSheet) look(paths []string) {
	s.turn++
	turn := s.turn
	s.sources = slices.Clone(paths)
	s.found, s.failed = nil, nil
	s.start.Disable()
	s.list.SetText("Looking …")
	s.first.Hide()
	s.busy.Show()
	s.busy.Start()
	var found []transfer.Found
	var failed []string
	ctx := s.page.shell.Context()
	go func() {
		for _, path := range paths {
			f, err := transfer.Recognise(ctx, path, "")
			if err != nil {
				failed = append(failed, filepath.Base(path)+": "+err.Error())
				continue
			}
			found = append(found, f)
		}
		fyne.Do(func() {
			if turn == s.turn {
				s.show(found, failed)
			}
		})
	}()
}

func (s *importSheet) show(found []transfer.Found, failed []string) {
	s.busy.Stop()
	s.busy.Hide()
	if s.page.shell.Window().Canvas().Overlays().Top() == nil {
		return // Escape has taken the sheet away: the focus stays where it is
	}
	s.found, s.failed = found, failed
	var text []string
	var kind domain.Task
	for _, f := range found {
		text = append(text, foundLine(f, s.hasView))
		if f.Type != "" {
			kind = f.Type
		}
	}
	for _, f := range failed {
		text = append(text, "Cannot be imported: "+f)
	}
	s.list.SetText(strings.Join(text, "\n"))
	s.showFirst(found)
	s.into.Hide()
	if kind != "" {
		s.offerViews(kind, found)
		s.into.Show()
	}
	if len(found) > 0 {
		s.start.Enable()
	}
	s.d.Fit()
	if len(found) > 0 {
		s.page.shell.Window().Canvas().Focus(s.start)
	}
}

// offerViews offers the views that the annotations suit, and a new one.
func (s *importSheet) offerViews(kind domain.Task, found []transfer.Found) {
	s.views = []studio.View{{Type: kind}}
	names := []string{"a new " + string(kind) + " view"}
	chosen := 0
	for _, n := range s.page.nodes {
		if n.View.Type == kind {
			s.views = append(s.views, n.View)
			names = append(names, "the view "+n.View.Name)
			if n.View.ID == s.page.shell.View().ID {
				chosen = len(s.views) - 1
			}
		}
	}
	for _, f := range found {
		if f.Name != "" {
			s.name.SetText(f.Name)
			break
		}
	}
	s.view.SetOptions(names)
	s.view.SetSelectedIndex(chosen)
}

func (s *importSheet) chosenView() {
	if s.view.SelectedIndex() <= 0 {
		s.name.Show()
	} else {
		s.name.Hide()
	}
}

func (s *importSheet) run() {
	r := transfer.ImportRequest{}
	for _, f := range s.found {
		r.Sources = append(r.Sources, f.Path)
	}
	if i := s.view.SelectedIndex(); s.into.Visible() {
		if i > 0 {
			r.View = s.views[i].ID
		} else {
			r.ViewName = strings.TrimSpace(s.name.Text)
		}
	}
	if to, ok := strings.CutPrefix(s.split.Selected, allTo); ok {
		r.Split = domain.Split(to)
	}
	s.d.Close()
	s.page.runImport(r, nil)
}

// runImport imports, says what was done, calls then if it is not nil, and looks whether what is new looks like something else.
func (p *Page) runImport(r transfer.ImportRequest, then func()) {
	project, begun := p.project, time.Now()
	var report *transfer.ImportReport
	p.shell.Long("Importing", func(ctx context.Context, progress session.Progress) (err error) {
		report, err = project.Import(ctx, r, progress)
		return err
	}, func(err error) {
		p.imported(report, err)
		if then != nil {
			then()
		}
		if report != nil && report.Added > 0 {
			p.sayNear(begun.Truncate(time.Second))
		}
	})
}

// sayNear looks, beside the window, whether images that were added since then are near-duplicates, and says so.
func (p *Page) sayNear(since time.Time) {
	ctx, project := p.shell.Context(), p.project
	go func() {
		groups, err := project.NearDuplicates(ctx, nil)
		fyne.Do(func() {
			if err != nil || ctx.Err() != nil {
				return // nothing was asked for: the project's page looks again, and tells what is wrong
			}
			if text := pictures.NewNear(groups, since); text != "" {
				p.shell.Notify(text)
			}
		})
	}()
}

// imported says what an import did. Only good news need no button.
func (p *Page) imported(r *transfer.ImportReport, err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		p.shell.Fail("finish the import", err)
	}
	if r == nil {
		return
	}
	if len(r.Views) > 0 {
		p.shell.SetView(r.Views[0].ID)
	}
	if err == nil && !r.Cancelled && len(r.Problems) == 0 {
		p.shell.Notify(r.Sentence())
		return
	}
	if err != nil && len(r.Problems) == 0 {
		return
	}
	p.showReport(r)
}

func (p *Page) showReport(r *transfer.ImportReport) {
	var text []string
	for i, problem := range r.Problems {
		if i == 500 {
			text = append(text, fmt.Sprintf("… and %s more: save the report to see all.", words.Number(r.Skipped-500)))
			break
		}
		where := problem.File
		if problem.Line > 0 {
			where += fmt.Sprintf(":%d", problem.Line)
		}
		if problem.Record != "" && problem.Record != problem.File {
			where += " (" + problem.Record + ")"
		}
		text = append(text, where+": "+problem.Reason)
	}
	list := widget.NewLabel(strings.Join(text, "\n"))
	list.Wrapping = fyne.TextWrapWord
	scroll := container.NewVScroll(list)
	scroll.SetMinSize(fyne.NewSize(600, 240))
	head := r.Sentence()
	if r.Cancelled {
		head = "Cancelled. What was imported so far is kept. " + head
	}
	body := container.NewVBox(look.Wrapped(head))
	if len(text) > 0 {
		body.Add(look.NewStyled(words.Count(r.Skipped, "item was skipped:", "items were skipped:"), look.Text, true, theme.ColorNameWarning))
		body.Add(scroll)
	}
	var d *widgets.Dialog
	save := widgets.NewIconedButton("Save the report …", icons.Save, func() {
		page.AskSave(p.shell, "Save the report", "import report.txt", func(path string) {
			if err := r.Save(path); err != nil {
				_ = os.Remove(path)
				p.shell.Fail("save the report", err)
			}
		})
	})
	closing := widgets.NewButton("Close", func() { d.Close() })
	d = widgets.NewDialog("Imported", look.Width(600, body), p.shell.Window())
	d.SetButtons(save, closing)
	d.OnClosed = p.focus
	d.Show(closing)
}
