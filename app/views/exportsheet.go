package views

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/session"
	"viewfinder/app/studio/transfer"
	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// exportSheet asks what to export, in which format and where to, and shows what the format cannot hold before anything is written.
type exportSheet struct {
	page    *Page
	view    studio.View
	d       *widgets.Dialog
	formats []transfer.Format
	format  *widget.Select
	scope   *widget.Select
	split   *widget.Select
	images  *widget.Select
	apart   *widget.Check
	target  *widgets.Entry
	preview *widget.Label
	start   *widgets.Button
	turn    int
	stop    context.CancelFunc // of the preview in work
}

// Splits and images in an export, in the order of the choices.
var (
	exportSplits = append([]domain.Split{""}, domain.Splits()...)
	exportImages = []transfer.ImageMode{transfer.CopyImages, transfer.LinkImages, transfer.LeaveImages}
)

// splitChoices are exportSplits in words.
func splitChoices() []string {
	choices := []string{allSplits}
	for _, s := range domain.Splits() {
		choices = append(choices, string(s))
	}
	return choices
}

// Export shows the sheet for the view in sight, or for one of that id.
func (p *Page) Export(view int64) {
	v := p.shell.View()
	for _, n := range p.nodes {
		if n.View.ID == view {
			v = n.View
		}
	}
	s := &exportSheet{page: p, view: v}
	for _, f := range transfer.ExportableFormats() {
		suits := slices.Contains(transfer.ExportFormats(v.Type), string(f.Name))
		if v.ID == 0 {
			suits = f.Holds.SeveralViews || len(f.Holds.Tasks) == 0
		}
		if suits {
			s.formats = append(s.formats, f)
		}
	}
	s.show()
}

func (s *exportSheet) show() {
	p := s.page
	changed := func(string) { s.look() }
	s.preview = look.Wrapped("")
	var titles []string
	for _, f := range s.formats {
		titles = append(titles, f.Title)
	}
	s.format = widget.NewSelect(titles, nil)
	scopes := []string{scopeAll}
	if s.view.ID == p.shell.View().ID && s.view.ID != 0 {
		scopes = append(scopes, scopeShown)
		if len(p.commands.selection) > 0 {
			scopes = append(scopes, scopeSelected)
		}
	}
	s.scope = widget.NewSelect(scopes, nil)
	s.split = widget.NewSelect(splitChoices(), nil)
	s.images = widget.NewSelect([]string{"copied", "linked: no space, but a change in place changes the project's", "left out: annotations alone"}, nil)
	s.apart = widget.NewCheck("Put images that are not annotated into a folder of their own", func(bool) { s.look() })
	for _, choice := range []*widget.Select{s.format, s.scope, s.split, s.images} {
		choice.SetSelectedIndex(0)
		choice.OnChanged = changed
	}
	s.target = widgets.NewEntry()
	s.target.SetPlaceHolder("A new folder, or an empty one")
	s.target.OnChanged = func(string) { s.ready() }
	choose := widgets.NewIconedButton("Choose …", icons.Folder, s.choose)
	s.start = widgets.NewIconedButton("Export", icons.Save, s.run).Important(false)
	s.start.Disable()
	what := "The whole project"
	if s.view.ID != 0 {
		what = "The view " + s.view.Name
	}
	row := func(name string, o fyne.CanvasObject) fyne.CanvasObject {
		return container.NewBorder(nil, nil, look.Width(90, look.Small(name)), nil, o)
	}
	body := container.NewVBox(look.MutedWrapped(what+". Nothing of the project changes."), row("Format", s.format), row("Which", s.scope), row("Split", s.split), row("Images", s.images),
		s.apart, container.NewBorder(nil, nil, look.Width(90, look.Small("Folder")), choose, s.target), s.preview)
	s.d = widgets.NewDialog("Export annotations", look.Width(540, body), p.shell.Window())
	s.d.SetButtons(widgets.NewButton("Cancel", s.d.Close), s.start)
	s.d.OnClosed = func() {
		s.turn++
		s.halt()
		p.focus()
	}
	s.d.Show(s.target)
	s.look()
}

func (s *exportSheet) choose() {
	page.AskFolder(s.page.shell, "Export into", "Choose", "", func(dir string) {
		s.target.SetText(filepath.Join(dir, fmt.Sprintf("%s %s", s.name(), s.formats[s.format.SelectedIndex()].Name)))
	})
}

// name is the proposed folder's, out of letters and digits.
func (s *exportSheet) name() string {
	name := "project"
	if s.view.ID != 0 {
		name = s.view.Name
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' {
			return r
		}
		return '_'
	}, name)
}

// request is what the sheet says.
func (s *exportSheet) request() transfer.ExportRequest {
	r := transfer.ExportRequest{Target: strings.TrimSpace(s.target.Text), Format: string(s.formats[s.format.SelectedIndex()].Name), View: s.view.ID, Apart: s.apart.Checked,
		Images: exportImages[s.images.SelectedIndex()]}
	switch s.scope.Selected {
	case scopeShown:
		r.Only, _ = s.page.Filter()
		r.Only.Sort, r.Only.Descending = "", false
	case scopeSelected:
		for _, id := range s.page.commands.selection {
			if d, ok := s.page.point(id); ok {
				r.Only.Images = append(r.Only.Images, d.Image.ID)
			}
		}
	}
	if split := exportSplits[s.split.SelectedIndex()]; split != "" {
		r.Only.Split = split
	}
	return r
}

func (s *exportSheet) halt() {
	if s.stop != nil {
		s.stop()
		s.stop = nil
	}
}

// look says what would be exported, counted off the window's thread.
func (s *exportSheet) look() {
	s.turn++
	turn := s.turn
	s.halt()
	s.preview.SetText("Counting …")
	ctx, stop := context.WithCancel(s.page.shell.Context())
	s.stop = stop
	request, project := s.request(), s.page.project
	go func() {
		found, err := project.PreviewExport(ctx, request)
		fyne.Do(func() {
			if turn != s.turn {
				return
			}
			if err != nil {
				s.preview.SetText("Cannot be exported: " + err.Error())
				s.start.Disable()
				return
			}
			s.preview.SetText(exportLine(found))
			s.ready()
			s.d.Fit()
		})
	}()
}

// exportLine says what an export will have, and what is lost.
func exportLine(p transfer.ExportPreview) string {
	line := words.Count(p.Images, "image")
	if p.Boxes > 0 {
		line += ", " + words.Count(p.Boxes, "box", "boxes")
	}
	lines := []string{line + "."}
	for _, lost := range p.Lost {
		lines = append(lines, strings.ToUpper(lost[:1])+lost[1:]+".")
	}
	return strings.Join(lines, "\n")
}

func (s *exportSheet) ready() {
	if strings.TrimSpace(s.target.Text) == "" || strings.HasPrefix(s.preview.Text, "Cannot") {
		s.start.Disable()
	} else {
		s.start.Enable()
	}
}

func (s *exportSheet) run() {
	request, project, p := s.request(), s.page.project, s.page
	s.d.Close()
	var report *transfer.ExportReport
	p.shell.Long("Exporting", func(ctx context.Context, progress session.Progress) (err error) {
		report, err = project.Export(ctx, request, progress)
		return err
	}, func(err error) {
		switch {
		case errors.Is(err, context.Canceled):
			p.shell.Notify("Cancelled: nothing was written.")
		case err != nil:
			p.shell.Fail("export", err)
		default:
			text := fmt.Sprintf("Exported %s to %s.", words.Count(report.Images, "image"), filepath.Base(report.Target))
			if report.Renamed > 0 {
				text += fmt.Sprintf(" %s not keep the whole name: \"renamed images.txt\" there says which.", words.Count(report.Renamed, "image could", "images could"))
			}
			p.shell.Notify(text)
		}
	})
}
