package app

import (
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"viewfinder/app/product"
	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/app/version"
	"viewfinder/icons"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// place is a folder that a person may want to look into.
type place struct{ name, dir string }

// about is the dialog that says what the program is: version and build, licence, third-party notices, folders.
type about struct {
	window  *window
	facts   *widgets.Facts
	places  *fyne.Container
	parts   *widgets.Segments
	pages   map[string]fyne.CanvasObject
	readers map[string]*widgets.Reader
	content fyne.CanvasObject
}

// showAbout shows it.
func (w *window) showAbout() {
	a := newAbout(w)
	d := widgets.NewDialog("About "+product.Name, a.content, w.win)
	d.OnClosed = w.focusPage
	done := widgets.NewButton("Close", d.Close)
	d.SetButtons(widgets.NewIconedButton("Copy", icons.Copy, a.copy), done)
	a.loadPlaces()
	d.Show(done)
}

func newAbout(w *window) *about {
	a := &about{window: w, facts: widgets.NewFacts(120), places: container.New(layout.NewCustomPaddedVBoxLayout(2)), pages: map[string]fyne.CanvasObject{}, readers: map[string]*widgets.Reader{}}
	b := product.ReadBuild()
	a.facts.Set([]widgets.Fact{
		{Name: "Version", Value: b.Version}, {Name: "Commit", Value: b.Source()}, {Name: "Built with", Value: b.Go + " for " + b.System},
		{Name: "CPU kernels", Value: runs.Kernels()}, {Name: "Licence", Value: product.License}, {Name: "", Value: product.Copyright},
	})
	logo := canvas.NewImageFromResource(icons.App)
	logo.SetMinSize(fyne.NewSize(56, 56))
	logo.FillMode = canvas.ImageFillContain
	head := look.Row(14, logo, container.New(layout.NewCustomPaddedVBoxLayout(2),
		look.NewStyled(b.String(), 22, true, theme.ColorNameForeground),
		look.NewStyled("Annotate images and train networks on your own machine", look.Text, false, look.ColorMuted)))
	a.pages["program"] = container.NewVScroll(container.NewVBox(head, look.Gap(1, 6), a.facts, look.Section("Folders"), a.places))
	a.readers["licence"] = widgets.NewReader(w.texts.License)
	a.readers["notices"] = widgets.NewReader(w.texts.Notices)
	room := container.NewStack(look.Gap(min(740, w.win.Canvas().Size().Width-120), min(480, w.win.Canvas().Size().Height-230)), a.pages["program"])
	for _, key := range []string{"licence", "notices"} {
		a.pages[key] = a.readers[key]
		a.pages[key].Hide()
		room.Add(a.pages[key])
	}
	a.parts = widgets.NewTabs([]widgets.Segment{
		{Key: "program", Text: "Program", Icon: icons.Info}, {Key: "licence", Text: "Licence", Icon: icons.Check}, {Key: "notices", Text: "Third-party notices", Icon: icons.Log},
	}, nil)
	a.parts.OnChange = a.show
	a.content = container.NewBorder(container.NewHBox(a.parts), nil, nil, nil, look.PadXY(0, 6, room))
	return a
}

// show shows one part; a text gets the keys.
func (a *about) show(part string) {
	for key, o := range a.pages {
		if key == part {
			o.Show()
		} else {
			o.Hide()
		}
	}
	if r := a.readers[part]; r != nil {
		a.window.win.Canvas().Focus(r)
	}
}

// copy puts what is shown on the clipboard: the facts are what a report of a fault should have.
func (a *about) copy() {
	text := ""
	switch {
	case a.readers["licence"].Visible():
		text = a.window.texts.License
	case a.readers["notices"].Visible():
		text = a.window.texts.Notices
	default:
		lines := []string{product.Name}
		for _, f := range a.facts.Values() {
			lines = append(lines, strings.TrimSpace(f.Name+" "+f.Value))
		}
		text = strings.Join(lines, "\n")
	}
	a.window.app.Clipboard().SetContent(text)
}

// loadPlaces looks for the folders off the window's thread and lists them.
func (a *about) loadPlaces() {
	var p *studio.Project
	if a.window.shell != nil {
		p = a.window.shell.project
	}
	go func() {
		list := placesOf(p)
		there := make([]bool, len(list))
		for i, l := range list {
			info, err := os.Stat(l.dir)
			there[i] = err == nil && info.IsDir()
		}
		fyne.Do(func() {
			a.places.Objects = nil
			for i, l := range list {
				a.places.Add(a.row(l, there[i]))
			}
			a.places.Refresh()
		})
	}()
}

// placesOf are the folders that matter: those of an open project, then those of the program.
func placesOf(p *studio.Project) []place {
	var list []place
	if p != nil {
		list = append(list, place{"Project", p.Dir()}, place{"Project cache", filepath.Join(p.Dir(), "cache")})
	}
	if dir, err := session.ConfigDir(); err == nil {
		list = append(list, place{"Settings", dir})
	}
	return append(list, place{"New projects", session.DefaultFolder()})
}

// row is a folder with a button that opens it; one that does not exist yet has none to press.
func (a *about) row(p place, there bool) fyne.CanvasObject {
	open := widgets.NewIconButton(icons.Open, "Open "+p.dir, func() {
		if err := version.ShowFolder(p.dir); err != nil {
			showError(a.window.win, "open the folder", err)
		}
	})
	open.SetEnabled(there)
	path := filepath.Clean(p.dir)
	if !there {
		path += "  (made when it is first needed)"
	}
	return container.NewBorder(nil, nil, look.Width(120, look.Small(p.name)), open, look.Plain(path).Cut())
}
