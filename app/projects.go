package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio"
	"viewfinder/icons"
	"viewfinder/widgets/look"
)

// newProject asks for a name and a folder; what is in sources is then imported.
func (w *window) newProject(sources []string) {
	name := widget.NewEntry()
	name.SetText(proposedName(sources))
	parent := studio.DefaultFolder()
	where := look.MutedWrapped("")
	problem := look.NewStyled("", look.TextSmall, false, theme.ColorNameError)
	var create *widget.Button
	dir := func() string { return filepath.Join(parent, folderName(name.Text)) }
	check := func(string) {
		text := ""
		switch {
		case strings.TrimSpace(name.Text) == "":
			text = "Give the project a name."
		case inUse(dir()):
			text = "There is something in this folder already; choose another name."
		}
		problem.SetText(text)
		where.SetText(dir())
		if text == "" {
			create.Enable()
		} else {
			create.Disable()
		}
	}
	var d *dialog.CustomDialog
	do := func() {
		if create.Disabled() {
			return
		}
		d.Hide()
		w.create(dir(), strings.TrimSpace(name.Text), sources)
	}
	create = widget.NewButtonWithIcon("Create", icons.Add, do)
	create.Importance = widget.HighImportance
	cancel := widget.NewButton("Cancel", func() { d.Hide() })
	name.OnChanged = check
	name.OnSubmitted = func(string) { do() }
	choose := widget.NewButtonWithIcon("Elsewhere …", icons.Folder, func() {
		w.chooseFolder(parent, func(path string) {
			parent = path
			check("")
		})
	})
	rows := []fyne.CanvasObject{look.Section("Name"), name, look.Section("Folder, made anew"), container.NewBorder(nil, nil, nil, choose, where), problem}
	if len(sources) > 0 {
		rows = append(rows, look.MutedWrapped("Then imported: "+shortList(sources)))
	}
	d = dialog.NewCustomWithoutButtons("New project", look.Width(480, container.NewVBox(rows...)), w.win)
	d.SetButtons([]fyne.CanvasObject{cancel, create})
	check("")
	d.Show()
	w.win.Canvas().Focus(name)
	name.TypedShortcut(&fyne.ShortcutSelectAll{})
}

// proposedName is the name of the folder that was dropped, or something to begin with.
func proposedName(sources []string) string {
	base := "My project"
	if len(sources) > 0 {
		if info, err := os.Stat(sources[0]); err == nil && info.IsDir() {
			base = filepath.Base(sources[0])
		} else {
			base = filepath.Base(filepath.Dir(sources[0]))
		}
	}
	name := base
	for i := 2; inUse(filepath.Join(studio.DefaultFolder(), folderName(name))) && i < 1000; i++ {
		name = fmt.Sprintf("%s %d", base, i)
	}
	return name
}

// folderName is a project's name as a folder may be called on every system.
func folderName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < 32 || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, strings.TrimSpace(name))
	name = strings.TrimRight(name, ". ")
	for len(name) > 120 {
		r := []rune(name)
		name = string(r[:len(r)-1])
	}
	if name == "" {
		name = "project"
	}
	return name
}

func inUse(dir string) bool {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return !os.IsNotExist(err)
	}
	return len(entries) > 0
}

func shortList(paths []string) string {
	var names []string
	for i, p := range paths {
		if i == 3 {
			names = append(names, fmt.Sprintf("and %d more", len(paths)-3))
			break
		}
		names = append(names, filepath.Base(p))
	}
	return strings.Join(names, ", ")
}

// chooseProject asks for the folder of a project and opens it.
func (w *window) chooseProject() {
	start := studio.DefaultFolder()
	if w.shell != nil {
		start = filepath.Dir(w.shell.project.Dir())
	}
	w.chooseFolder(start, w.open)
}

// chooseFolder asks for a folder, beginning at start or the nearest folder above that exists.
func (w *window) chooseFolder(start string, then func(path string)) {
	d := dialog.NewFolderOpen(func(dir fyne.ListableURI, err error) {
		if err != nil {
			showError(w.win, "open the folder", err)
			return
		}
		if dir != nil {
			then(dir.Path())
		}
	}, w.win)
	for i := 0; i < 20; i++ {
		if l, err := storage.ListerForURI(storage.NewFileURI(start)); err == nil {
			d.SetLocation(l)
			break
		}
		start = filepath.Dir(start)
	}
	d.Resize(fyne.NewSize(760, 540))
	d.Show()
}

func (s *shell) renameProject() {
	name := widget.NewEntry()
	name.SetText(s.project.Name())
	var d *dialog.CustomDialog
	do := func() {
		d.Hide()
		s.Do("rename the project", func(ctx context.Context) error { return s.project.Rename(ctx, name.Text) }, nil)
	}
	name.OnSubmitted = func(string) { do() }
	ok := widget.NewButton("Rename", do)
	ok.Importance = widget.HighImportance
	d = dialog.NewCustomWithoutButtons("Rename the project", look.Width(380, container.NewVBox(name, look.MutedWrapped("Its folder keeps the name it has."))), s.win)
	d.SetButtons([]fyne.CanvasObject{widget.NewButton("Cancel", func() { d.Hide() }), ok})
	d.Show()
	s.win.Canvas().Focus(name)
}

// checkProject verifies every hash, reference and run, and offers to mend what can be.
func (s *shell) checkProject() { s.check(false) }

func (s *shell) check(repair bool) {
	title := "Checking the project"
	if repair {
		title = "Repairing the project"
	}
	var report studio.CheckReport
	s.Long(title, func(ctx context.Context, p studio.Progress) (err error) {
		report, err = s.project.Check(ctx, repair, p)
		return err
	}, func(err error) {
		if err != nil {
			s.Fail("check the project", err)
			return
		}
		s.showCheck(report, repair)
	})
}

func (s *shell) showCheck(r studio.CheckReport, repaired bool) {
	text := fmt.Sprintf("%s, %s and %s were checked.", look.Plural(r.Images, "image", "images"), look.Plural(r.Regions, "region", "regions"), look.Plural(r.Versions, "version", "versions"))
	var body fyne.CanvasObject
	var d *dialog.CustomDialog
	buttons := []fyne.CanvasObject{}
	if r.OK() {
		body = look.Wrapped(text + " Everything is as it should be.")
	} else {
		lines := make([]string, 0, len(r.Problems))
		open := 0
		for _, p := range r.Problems {
			line := p.What + ": " + p.Detail
			if p.Repaired {
				line += " Mended: " + p.Repair
			} else {
				open++
				if p.Repair != "" {
					line += " Can be mended: " + p.Repair
				}
			}
			lines = append(lines, line)
		}
		list := widget.NewLabel(strings.Join(lines[:min(len(lines), 500)], "\n"))
		list.Wrapping = fyne.TextWrapWord
		scroll := container.NewVScroll(list)
		scroll.SetMinSize(fyne.NewSize(560, 260))
		body = container.NewVBox(look.Wrapped(text+" "+look.Plural(len(r.Problems), "problem", "problems")+" found:"), scroll)
		if open > 0 && !repaired {
			mend := widget.NewButton("Repair what can be", func() { d.Hide(); s.check(true) })
			mend.Importance = widget.HighImportance
			buttons = append(buttons, mend)
		}
	}
	d = dialog.NewCustomWithoutButtons("Check", look.Width(460, body), s.win)
	d.SetButtons(append(buttons, widget.NewButton("Close", func() { d.Hide() })))
	d.Show()
}

// showSettings shows what a person can choose for the program.
func (w *window) showSettings() {
	theme := widget.NewRadioGroup([]string{"As the system", "Light", "Dark"}, nil)
	theme.Horizontal = true
	theme.SetSelected(map[look.Variant]string{look.System: "As the system", look.Light: "Light", look.Dark: "Dark"}[look.Chosen()])
	theme.OnChanged = func(s string) {
		v := map[string]look.Variant{"Light": look.Light, "Dark": look.Dark}[s]
		if w.shell != nil {
			w.shell.setTheme(v)
			return
		}
		look.SetVariant(v)
		w.settings.setVariant(v)
	}
	goOn := widget.NewCheck("In a classification, go on to the next image once a concept is given", func(on bool) {
		w.settings.GoOn = &on
		w.settings.save()
	})
	goOn.Checked = w.settings.goOn()
	folder := ""
	if dir, err := studio.ConfigDir(); err == nil {
		folder = dir
	}
	rows := container.NewVBox(
		look.Section("Look"), theme, look.MutedWrapped("Size of text and everything else: the environment variable FYNE_SCALE, for example 1.5."),
		look.Section("Annotating"), goOn, widget.NewButtonWithIcon("Keys …", icons.Key, func() { w.showKeys() }),
		look.Section("Where things are"), look.MutedWrapped("New projects: "+studio.DefaultFolder()+"\nSettings: "+folder),
	)
	d := dialog.NewCustomWithoutButtons("Settings", look.Width(520, rows), w.win)
	d.SetButtons([]fyne.CanvasObject{widget.NewButton("Close", func() { d.Hide() })})
	d.Show()
}
