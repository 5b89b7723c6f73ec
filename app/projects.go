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
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/session"
	"viewfinder/icons"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// newProject asks for a name and a folder; what is in sources is then imported.
func (w *window) newProject(sources []string) {
	go func() { // what there is on the disk already decides what is proposed
		name, parent := proposedName(sources), session.DefaultFolder()
		fyne.Do(func() {
			if w.win.Canvas().Overlays().Top() == nil {
				w.askNewProject(sources, name, parent)
			}
		})
	}()
}

func (w *window) askNewProject(sources []string, proposed, parent string) {
	name := widgets.NewEntry()
	name.SetText(proposed)
	where := look.MutedWrapped("")
	problem := look.NewStyled("", look.TextSmall, false, theme.ColorNameError)
	dir := func() string { return filepath.Join(parent, folderName(name.Text)) }
	var d *widgets.Dialog
	looked := 0 // counts what was typed, so that an earlier look at the disk says nothing
	check := func(then func()) {
		looked++
		n, to := looked, dir()
		where.SetText(to)
		if strings.TrimSpace(name.Text) == "" {
			problem.SetText("Enter a name for the project.")
			return
		}
		go func() {
			taken := inUse(to)
			fyne.Do(func() {
				switch {
				case n != looked:
				case taken:
					problem.SetText("This folder already exists and is not empty; choose another name.")
				default:
					problem.SetText("")
					if then != nil {
						then()
					}
				}
			})
		}()
	}
	do := func() {
		check(func() {
			d.Close()
			w.create(dir(), strings.TrimSpace(name.Text), sources)
		})
	}
	create := widgets.NewButton("Create", do).Important(false)
	name.OnChanged = func(string) { check(nil) }
	name.OnSubmitted = func(string) { do() }
	choose := widget.NewButtonWithIcon("Elsewhere …", icons.Folder, func() {
		w.chooseFolder(parent, func(path string) {
			parent = path
			check(nil)
		})
	})
	rows := []fyne.CanvasObject{look.Section("Name"), name, look.Section("New folder"), container.NewBorder(nil, nil, nil, choose, where), problem}
	if len(sources) > 0 {
		rows = append(rows, look.MutedWrapped("Then imported: "+shortList(sources)))
	}
	d = widgets.NewDialog("New project", look.Width(480, container.NewVBox(rows...)), w.win)
	d.OnClosed = w.focusPage
	d.SetButtons(widgets.NewButton("Cancel", d.Close), create)
	check(nil)
	d.Show(name)
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
	for i := 2; inUse(filepath.Join(session.DefaultFolder(), folderName(name))) && i < 1000; i++ {
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
	start := ""
	if w.shell != nil {
		start = filepath.Dir(w.shell.project.Dir())
	}
	w.chooseFolder(start, w.open)
}

// chooseFolder asks for a folder, beginning at start or the nearest folder above that exists; "" is where new projects are proposed.
func (w *window) chooseFolder(start string, then func(path string)) {
	go func() { // what there is on the disk may decide what is proposed
		if start == "" {
			start = session.DefaultFolder()
		}
		fyne.Do(func() {
			widgets.AskFiles(w.win, widgets.FileRequest{Title: "Choose a folder", Action: "Choose", Folder: true, Start: start}, func(paths []string) { then(paths[0]) })
		})
	}()
}

func (s *shell) renameProject() {
	page.AskText(s, "Rename the project", "Rename", s.project.Name(), "Its folder keeps the name it has.", s.project.Rename)
}

// checkProject verifies every hash, reference and run, and offers to mend what can be.
func (s *shell) checkProject() { s.check(false) }

func (s *shell) check(repair bool) {
	title := "Checking the project"
	if repair {
		title = "Repairing the project"
	}
	var report studio.CheckReport
	s.Long(title, func(ctx context.Context, p session.Progress) (err error) {
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
	text := fmt.Sprintf("%s, %s and %s were checked.", words.Count(r.Images, "image"), words.Count(r.Regions, "region"), words.Count(r.Versions, "version"))
	var body fyne.CanvasObject
	var d *dialog.CustomDialog
	buttons := []fyne.CanvasObject{}
	if r.OK() {
		body = look.Wrapped(text + " No problems were found.")
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
					line += " Can be repaired: " + p.Repair
				}
			}
			lines = append(lines, line)
		}
		list := widget.NewLabel(strings.Join(lines[:min(len(lines), 500)], "\n"))
		list.Wrapping = fyne.TextWrapWord
		scroll := container.NewVScroll(list)
		scroll.SetMinSize(fyne.NewSize(560, 260))
		body = container.NewVBox(look.Wrapped(text+" "+words.Count(len(r.Problems), "problem")+" found:"), scroll)
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
