package widgets

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"viewfinder/icons"
	"viewfinder/widgets/look"
)

// fileChooser is the program's own chooser: places at the left, a folder's contents with thumbnails, a field for its path.
type fileChooser struct {
	win     fyne.Window
	door    FileDoor
	r       FileRequest
	then    func([]string)
	d       *Dialog
	dir     string
	entries []fileEntry
	failed  string // why the folder cannot be read
	turn    int    // counts the folders asked for, so that a late answer is dropped
	replace string // the file that exists and of which was asked whether it is to be replaced

	path   *Entry
	name   *Entry // of the file to be written
	grid   *ImageGrid
	places *fyne.Container
	says   *look.Styled
	take   *Button
	thumbs *fileThumbs
}

type fileEntry struct {
	name   string
	folder bool
}

func newFileChooser(win fyne.Window, door FileDoor, r FileRequest, then func([]string)) *fileChooser {
	f := &fileChooser{win: win, door: door, r: r, then: then}
	f.path = NewEntry()
	f.path.SetPlaceHolder("Type or paste a path")
	f.path.OnSubmitted = f.typed
	f.grid = NewImageGrid()
	f.grid.SetCellSize(104)
	f.grid.Item = f.item
	f.grid.OnOpen = f.open
	f.grid.OnSelect = f.selected
	f.grid.OnKey = f.key
	f.grid.OnRune = f.jump
	f.grid.OnShortcut = f.shortcut
	f.places = container.NewVBox()
	f.says = look.Small("").Cut()
	f.thumbs = newFileThumbs(door.Thumbnail, func(path string) {
		if filepath.Dir(path) != f.dir {
			return
		}
		if i := slices.IndexFunc(f.entries, func(e fileEntry) bool { return e.name == filepath.Base(path) }); i >= 0 {
			f.grid.RefreshItem(i)
		}
	})
	f.take = NewButton(r.Action, f.choose).Important(false)
	f.take.Disable() // until the folder is read
	up := NewIconButton(icons.Back, "To the folder above (Backspace)", f.up)
	foot := []fyne.CanvasObject{f.says}
	if r.Save != "" {
		f.name = NewEntry()
		f.name.SetText(r.Save)
		f.name.OnChanged = func(string) { f.selected() }
		f.name.OnSubmitted = func(string) { f.choose() }
		foot = []fyne.CanvasObject{container.NewBorder(nil, nil, look.Width(90, look.Small("File name")), nil, f.name), f.says}
	}
	body := container.NewBorder(container.NewBorder(nil, look.Gap(0, 4), up, nil, f.path), container.NewVBox(foot...),
		look.Width(168, container.NewVScroll(f.places)), nil, f.grid)
	f.d = NewDialog(r.Title, body, win)
	f.d.OnClosed = func() {
		f.turn++
		f.thumbs.close()
	}
	f.d.SetButtons(NewButton("Cancel", f.d.Close), f.take)
	return f
}

func (f *fileChooser) show() {
	screen := f.win.Canvas().Size()
	f.d.Resize(fyne.NewSize(fyne.Min(920, screen.Width-60), fyne.Min(640, screen.Height-60)))
	if f.name != nil {
		f.d.Show(f.name)
		f.name.TypedShortcut(&fyne.ShortcutSelectAll{})
	} else {
		f.d.Show(f.grid)
	}
	f.showPlaces()
	f.enter(f.r.Start)
}

// showPlaces lists the folders in which something was chosen, and the usual ones that there are.
func (f *fileChooser) showPlaces() {
	var recent []string
	if f.door.Recent != nil {
		recent = f.door.Recent()
	}
	turn := f.turn
	go func() { // a disk that sleeps must not hold the window
		there := func(paths []string) []string {
			return slices.DeleteFunc(slices.Clone(paths), func(p string) bool { info, err := os.Stat(p); return err != nil || !info.IsDir() })
		}
		usual, last := there(usualPlaces()), there(recent)
		fyne.Do(func() {
			if turn > f.turn {
				return
			}
			add := func(title string, paths []string) {
				if len(paths) == 0 {
					return
				}
				f.places.Add(look.PadXY(6, 2, look.Section(title)))
				for _, p := range paths {
					picture := canvas.NewImageFromResource(icons.Folder)
					picture.FillMode = canvas.ImageFillContain
					picture.SetMinSize(fyne.NewSquareSize(16))
					row := NewPressable(look.PadXY(6, 4, look.Row(6, picture, look.Plain(placeName(p)).Cut())), func() { f.enter(p); f.win.Canvas().Focus(f.grid) })
					row.Hint = p
					f.places.Add(row)
				}
			}
			add("Places", usual)
			add("Recent", last)
			f.places.Refresh()
		})
	}()
}

// usualPlaces are the folders that people keep files in.
func usualPlaces() []string {
	home, err := os.UserHomeDir()
	if err != nil {
		return []string{string(filepath.Separator)}
	}
	places := []string{home}
	for _, name := range []string{"Desktop", "Pictures", "Documents", "Downloads"} {
		places = append(places, filepath.Join(home, name))
	}
	return append(places, "/media", "/mnt", "/Volumes", filepath.VolumeName(home)+string(filepath.Separator))
}

func placeName(path string) string {
	if home, err := os.UserHomeDir(); err == nil && path == home {
		return "Home"
	}
	if name := filepath.Base(path); name != string(filepath.Separator) {
		return name
	}
	return path
}

// enter shows a folder, or the nearest one above it that there is; "" is the home folder.
func (f *fileChooser) enter(dir string) {
	f.turn++
	turn := f.turn
	go func() {
		if dir == "" {
			dir, _ = os.UserHomeDir()
		}
		if abs, err := filepath.Abs(dir); err == nil {
			dir = abs
		}
		for {
			if info, err := os.Stat(dir); err == nil && info.IsDir() || filepath.Dir(dir) == dir {
				break
			}
			dir = filepath.Dir(dir)
		}
		entries, err := f.read(dir)
		fyne.Do(func() {
			if turn == f.turn {
				f.entered(dir, entries, err)
			}
		})
	}()
}

// read lists a folder: folders first, then the files that can be chosen, by name without regard to case. Hidden ones are left out.
func (f *fileChooser) read(dir string) ([]fileEntry, error) {
	list, err := os.ReadDir(dir)
	var entries []fileEntry
	for _, e := range list {
		name := e.Name()
		if strings.HasPrefix(name, ".") {
			continue
		}
		folder := e.IsDir()
		if e.Type()&os.ModeSymlink != 0 {
			if info, err := os.Stat(filepath.Join(dir, name)); err == nil {
				folder = info.IsDir()
			}
		}
		if folder || f.r.takes(name) {
			entries = append(entries, fileEntry{name, folder})
		}
	}
	slices.SortStableFunc(entries, func(a, b fileEntry) int {
		if a.folder != b.folder {
			if a.folder {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(strings.ToLower(a.name), strings.ToLower(b.name)), cmp.Compare(a.name, b.name))
	})
	return entries, err
}

func (f *fileChooser) entered(dir string, entries []fileEntry, err error) {
	f.dir, f.entries, f.failed = dir, entries, ""
	if err != nil {
		f.failed = "This folder cannot be read: " + err.Error()
	}
	f.thumbs.forget()
	f.path.SetText(dir)
	f.grid.SetLength(0)
	f.grid.SetLength(len(entries))
	f.grid.SetOffset(0)
	f.grid.SelectOnly(-1)
	f.grid.RefreshAll()
	f.selected()
}

func (f *fileChooser) item(i, px int) GridItem {
	if i >= len(f.entries) {
		return GridItem{}
	}
	e := f.entries[i]
	item := GridItem{Name: e.name, Note: e.name, Icon: icons.Folder}
	if !e.folder {
		item.Icon = theme.FileIcon()
		item.Thumbnail = f.thumbs.get(filepath.Join(f.dir, e.name), px)
	}
	return item
}

// picked are the paths of what is selected and can be chosen; where a folder is asked for and none is selected, the one that is shown.
func (f *fileChooser) picked() []string {
	list := f.grid.Selected()
	if !f.r.Several && len(list) > 1 {
		list = []int{f.grid.Current()}
	}
	var paths []string
	for _, i := range list {
		if i >= 0 && i < len(f.entries) && f.entries[i].folder == f.r.Folder {
			paths = append(paths, filepath.Join(f.dir, f.entries[i].name))
		}
	}
	if f.r.Folder && len(paths) == 0 && f.dir != "" {
		paths = []string{f.dir}
	}
	return paths
}

// selected says what would be chosen.
func (f *fileChooser) selected() {
	f.replace = ""
	f.take.SetText(f.r.Action)
	text, tint, can := "", look.ColorMuted, true
	switch paths := f.picked(); {
	case f.failed != "":
		text, tint, can = f.failed, theme.ColorNameError, false
	case f.name != nil:
		can = strings.TrimSpace(f.name.Text) != ""
		if i := f.grid.Current(); f.grid.SelectedCount() == 1 && i < len(f.entries) && !f.entries[i].folder {
			text = "Click “" + f.r.Action + "” to write into this folder, or double-click a file to take its name"
		}
	case f.r.Folder:
		text = paths[0]
	case len(paths) == 1:
		text = filepath.Base(paths[0])
	case len(paths) > 1:
		text = fmt.Sprintf("%d files", len(paths))
	default:
		can = false
		text = f.counted()
	}
	f.says.SetColor(tint)
	f.says.SetText(text)
	if can {
		f.take.Enable()
	} else {
		f.take.Disable()
	}
}

// counted says what the folder holds that can be chosen.
func (f *fileChooser) counted() string {
	files := 0
	for _, e := range f.entries {
		if !e.folder {
			files++
		}
	}
	what := "files"
	if len(f.r.Endings) > 0 {
		what = "files of " + strings.Join(f.r.Endings, ", ")
	}
	switch {
	case files == 0:
		return "No " + what + " here"
	case f.r.Several:
		return fmt.Sprintf("%d %s: click one; Ctrl or Shift, or a drawn rectangle, select several", files, what)
	}
	return fmt.Sprintf("%d %s", files, what)
}

// open enters a folder, or takes a file.
func (f *fileChooser) open(i int) {
	if i < 0 || i >= len(f.entries) {
		return
	}
	e := f.entries[i]
	switch {
	case e.folder:
		f.enter(filepath.Join(f.dir, e.name))
	case f.name != nil:
		f.name.SetText(e.name)
		f.win.Canvas().Focus(f.name)
	case !f.r.Folder:
		f.done([]string{filepath.Join(f.dir, e.name)})
	}
}

func (f *fileChooser) up() {
	if parent := filepath.Dir(f.dir); parent != f.dir {
		f.enter(parent)
	}
}

// choose takes what is selected, or the name that was typed.
func (f *fileChooser) choose() {
	if f.name == nil {
		if paths := f.picked(); len(paths) > 0 {
			f.done(paths)
		}
		return
	}
	name := strings.TrimSpace(f.name.Text)
	if name == "" || f.dir == "" {
		return
	}
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(f.dir, name)
	}
	if len(f.r.Endings) > 0 && !f.r.takes(path) {
		path += f.r.Endings[0]
	}
	f.ask(path)
}

// ask takes a file to be written; one that exists has to be chosen twice.
func (f *fileChooser) ask(path string) {
	if f.replace == path {
		f.done([]string{path})
		return
	}
	turn := f.turn
	go func() {
		info, err := os.Lstat(path)
		_, above := os.Stat(filepath.Dir(path))
		fyne.Do(func() {
			switch {
			case turn != f.turn:
			case above != nil:
				f.refuse("There is no folder " + filepath.Dir(path))
			case err != nil:
				f.done([]string{path})
			case info.IsDir():
				f.refuse(filepath.Base(path) + " is a folder: type another name")
			default:
				f.refuse(filepath.Base(path) + " exists already: press Replace to write over it, or type another name")
				f.replace = path
				f.take.SetText("Replace")
			}
		})
	}()
}

func (f *fileChooser) refuse(text string) {
	f.says.SetColor(theme.ColorNameError)
	f.says.SetText(text)
}

// typed takes a path that was typed or pasted: a folder is entered, files are chosen.
func (f *fileChooser) typed(text string) {
	paths := pastedPaths(text)
	if len(paths) == 0 {
		if name := strings.TrimSpace(text); name != "" && f.dir != "" { // within the folder that is shown
			paths = []string{filepath.Join(f.dir, name)}
		}
	}
	if len(paths) == 0 {
		return
	}
	f.turn++
	turn := f.turn
	go func() {
		var files, folders, missing []string
		for _, p := range paths {
			info, err := os.Stat(p)
			switch {
			case err != nil:
				missing = append(missing, p)
			case info.IsDir():
				folders = append(folders, p)
			default:
				files = append(files, p)
			}
		}
		fyne.Do(func() {
			switch {
			case turn != f.turn:
			case len(missing) > 0:
				f.refuse("There is no " + missing[0])
			case len(folders) > 0:
				f.enter(folders[0])
				f.win.Canvas().Focus(f.grid)
			case f.name != nil:
				f.name.SetText(files[0])
				f.choose()
			case f.r.Folder:
				f.refuse(filepath.Base(files[0]) + " is a file: a folder is asked for")
			case slices.ContainsFunc(files, func(p string) bool { return !f.r.takes(p) }):
				f.refuse("Only files of " + strings.Join(f.r.Endings, ", ") + " can be chosen here")
			case len(files) > 1 && !f.r.Several:
				f.refuse("One file is asked for, not several")
			default:
				f.done(files)
			}
		})
	}()
}

func (f *fileChooser) done(paths []string) {
	f.d.Close()
	f.then(paths)
}

func (f *fileChooser) key(k fyne.KeyName, mod fyne.KeyModifier) bool {
	switch {
	case k == fyne.KeyEscape:
		f.d.Close()
	case k == fyne.KeyBackspace, k == fyne.KeyUp && mod == fyne.KeyModifierAlt:
		f.up()
	case (k == fyne.KeyReturn || k == fyne.KeyEnter) && f.grid.SelectedCount() > 1:
		f.choose()
	default:
		return false
	}
	return true
}

// jump selects the next entry whose name begins with a letter.
func (f *fileChooser) jump(r rune) bool {
	for k := 1; k <= len(f.entries); k++ {
		i := (max(0, f.grid.Current()) + k) % len(f.entries)
		for _, first := range f.entries[i].name {
			if unicode.ToLower(first) == unicode.ToLower(r) {
				f.grid.SelectOnly(i)
				f.grid.ScrollTo(i)
				f.selected()
				return true
			}
			break
		}
	}
	return true
}

// shortcut pastes a path, wherever the focus is in the folder.
func (f *fileChooser) shortcut(s fyne.Shortcut) bool {
	if _, ok := s.(*fyne.ShortcutPaste); ok {
		f.typed(fyne.CurrentApp().Clipboard().Content())
		return true
	}
	return false
}
