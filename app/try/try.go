// Package try is the Try sub-tab of a version's page: pictures from anywhere are dropped, chosen or pasted, and the version says what it
// sees in them, and why. Nothing of the project changes unless somebody adds them to it.
package try

import (
	"context"
	"errors"
	"image/color"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/version"
	"viewfinder/icons"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// item is a picture that is tried.
type item struct {
	path       string
	name       string
	prediction *studio.Prediction // nil until it was looked at
	failed     bool               // there is no thumbnail to be had
}

// Try is the sub-tab. All its methods belong to the window's thread.
type Try struct {
	shell   page.Shell
	content *fyne.Container
	body    *fyne.Container // grid or picture, beside the panel

	version studio.Version
	view    studio.View
	known   bool // both are
	colors  map[string]color.NRGBA

	looker  *studio.Looker
	opening bool
	failure error // why there is no looker
	ctx     context.Context
	cancel  context.CancelFunc

	items     []*item
	looked    int                // of them
	stop      context.CancelFunc // ends the looking; nil when none goes on
	listing   int                // how many lists of files are being read
	threshold float64
	pasted    []string // folders of pasted pictures

	grid   *grid
	single *single
	panel  *panel
	bar    *bar
}

// detectionThreshold is the confidence from which on boxes are shown at first, as on the Performance page.
const detectionThreshold = 0.3

// New makes the sub-tab; it shows nothing before Set.
func New(shell page.Shell) *Try {
	t := &Try{shell: shell, content: container.NewStack(), threshold: 0.5, colors: map[string]color.NRGBA{}}
	t.ctx, t.cancel = context.WithCancel(shell.Context())
	t.bar = newBar(t)
	t.grid = newGrid(t)
	t.single = newSingle(t)
	t.panel = newPanel(t)
	t.body = container.NewStack(t.grid.content, t.single.content)
	t.single.content.Hide()
	return t
}

// Content is made once.
func (t *Try) Content() fyne.CanvasObject { return t.content }

// Set is called each time the version was read.
func (t *Try) Set(v studio.Version, view studio.View) {
	same := t.known && t.version.ID == v.ID && t.version.Status == v.Status
	first := !t.known
	t.version, t.view, t.known = v, view, true
	if same {
		return
	}
	if first && view.Type == studio.ViewDetection {
		t.threshold = detectionThreshold
		t.panel.slider.Value = t.threshold
	}
	for i, c := range v.Concepts {
		ink, ok := look.ParseColor(c.Color)
		if !ok {
			ink = look.Concept(i)
		}
		t.colors[c.Name] = ink
	}
	t.show()
}

// Selected is called when the tab is opened: the network is loaded, so that the first picture is answered at once.
func (t *Try) Selected() {
	if t.known && t.version.CanPredict() && t.looker == nil && !t.opening && t.failure == nil {
		t.open()
	}
}

// Close ends what runs and gives the network back.
func (t *Try) Close() {
	t.cancel()
	t.forgetPasted()
	if looker := t.looker; looker != nil {
		t.looker = nil
		go looker.Close() // it waits for what is being looked at
	}
}

// open loads the network.
func (t *Try) open() {
	t.opening, t.failure = true, nil
	t.show()
	ctx, project, id := t.ctx, t.shell.Project(), t.version.ID
	go func() {
		looker, err := project.Looker(ctx, id)
		widgets.Do(func() {
			t.opening = false
			if ctx.Err() != nil {
				if looker != nil {
					go looker.Close()
				}
				return
			}
			t.looker, t.failure = looker, err
			t.show()
			t.look()
			if t.single.item != nil && err == nil {
				t.openItem(t.single.at)
			}
		})
	}()
}

// show puts up what there is: why nothing can be tried, what to do, or the pictures.
func (t *Try) show() {
	put := func(o fyne.CanvasObject) {
		t.content.Objects = []fyne.CanvasObject{o}
		t.content.Refresh()
	}
	switch {
	case !t.known:
		put(container.NewStack())
	case !t.version.CanPredict():
		put(version.Empty(icons.Try, "Nothing to try yet", "Once the version is ready, drop pictures here and see what it says of them."))
	case t.failure != nil:
		put(version.Failure("The network could not be loaded", t.failure, t.open))
	case len(t.items) == 0 && t.listing > 0:
		busy := widget.NewProgressBarInfinite()
		put(version.Empty(icons.Try, "Looking for pictures …", "The folders are being read.", busy))
	case len(t.items) == 0:
		put(t.invitation())
	default:
		side := look.Frame(nil, nil, look.VLine(), nil, look.Sheet(look.Width(panelWidth, t.panel.content)))
		put(look.PadXY(0, 8, look.Frame(t.bar.content, nil, nil, side, t.body)))
	}
	t.refresh()
}

// invitation is the empty state.
func (t *Try) invitation() fyne.CanvasObject {
	images := version.Action("Choose images …", t.chooseImages)
	folder := widget.NewButtonWithIcon("Choose a folder …", icons.Folder, t.chooseFolder)
	paste := widget.NewButtonWithIcon("Paste", icons.Copy, t.paste)
	buttons := container.NewCenter(container.NewHBox(images, folder, paste))
	return version.Empty(icons.Try, "Drop a picture or a folder here",
		"See at once what "+t.version.Name+" says of pictures that it never saw, and what it rests on. They stay where they are: nothing is added to the project unless you say so.",
		buttons)
}

// refresh brings everything beside the pictures themselves up to date.
func (t *Try) refresh() {
	t.bar.refresh()
	t.panel.refresh()
}

// Dropped implements page.Dropper.
func (t *Try) Dropped(paths []string) bool {
	if !t.known || !t.version.CanPredict() {
		return false
	}
	t.add(paths)
	return true
}

// add tries more pictures: files, and what folders hold.
func (t *Try) add(paths []string) {
	t.listing++
	t.show()
	go func() {
		files, err := studio.ImageFiles(paths)
		widgets.Do(func() {
			t.listing--
			if t.ctx.Err() != nil {
				return
			}
			if err != nil {
				t.shell.Fail("try the pictures", err)
				t.show()
				return
			}
			t.added(files)
		})
	}()
}

func (t *Try) added(files []string) {
	there := map[string]int{}
	for i, it := range t.items {
		there[it.path] = i
	}
	first, fresh := -1, 0
	for _, f := range files {
		i, ok := there[f]
		if !ok {
			i = len(t.items)
			there[f] = i
			t.items = append(t.items, &item{path: f, name: filepath.Base(f)})
			fresh++
		}
		if first < 0 {
			first = i
		}
	}
	t.grid.grid.SetLength(len(t.items))
	switch {
	case len(files) == 1:
		t.openItem(first)
	case len(t.items) > 1:
		t.showGrid()
	}
	t.show()
	if t.looker == nil && !t.opening && t.failure == nil {
		t.open()
	}
	if fresh > 0 {
		t.look()
	}
}

// look looks at what was not looked at, in the background.
func (t *Try) look() {
	if t.looker == nil || t.stop != nil {
		return
	}
	var files []string
	var places []*item
	for _, it := range t.items {
		if it.prediction == nil {
			files = append(files, it.path)
			places = append(places, it)
		}
	}
	if len(files) == 0 {
		return
	}
	ctx, stop := context.WithCancel(t.ctx)
	t.stop = stop
	looker := t.looker
	go func() {
		err := looker.Files(ctx, files, func(i int, p studio.Prediction) {
			widgets.Do(func() {
				if t.ctx.Err() == nil {
					t.answered(places[i], p)
				}
			})
		})
		widgets.Do(func() {
			cancelled := ctx.Err() != nil
			stop()
			t.stop = nil
			if t.ctx.Err() != nil {
				return
			}
			if err != nil && !cancelled && !errors.Is(err, context.Canceled) {
				t.shell.Fail("look at the pictures", err)
			}
			t.refresh()
			if err == nil {
				t.look() // what was added meanwhile
			}
		})
	}()
	t.refresh()
}

// answered takes what the network said of a picture.
func (t *Try) answered(it *item, p studio.Prediction) {
	if it.prediction == nil {
		t.looked++
	}
	it.prediction = &p
	for i, other := range t.items {
		if other == it {
			t.grid.grid.RefreshItem(i)
			break
		}
	}
	t.refresh()
}

// setThreshold decides anew what counts, everywhere.
func (t *Try) setThreshold(v float64) {
	t.threshold = v
	t.grid.grid.RefreshAll()
	t.single.mark()
	t.panel.refresh()
}

// clear takes all pictures away from here.
func (t *Try) clear() {
	if t.stop != nil {
		t.stop()
	}
	t.forgetPasted()
	t.items, t.looked = nil, 0
	t.single.close()
	t.grid.grid.SetLength(0)
	t.showGrid()
	t.show()
}

func (t *Try) showGrid() {
	t.single.close()
	t.single.content.Hide()
	t.grid.content.Show()
	t.body.Refresh()
	t.refresh()
}

// openItem shows one picture large.
func (t *Try) openItem(i int) {
	if i < 0 || i >= len(t.items) {
		return
	}
	t.grid.content.Hide()
	t.single.content.Show()
	t.body.Refresh()
	t.single.open(t.items[i], i)
	t.refresh()
}

// color is a concept's.
func (t *Try) color(concept string) color.NRGBA {
	if c, ok := t.colors[concept]; ok {
		return c
	}
	return color.NRGBA{R: 0x88, G: 0x88, B: 0x88, A: 0xff}
}

// bar is what stands above the pictures.
type bar struct {
	try      *Try
	content  fyne.CanvasObject
	back     *widgets.Link
	said     *look.Styled
	progress *widget.ProgressBar
	stop     *widget.Button
	export   *widget.Button
	adopt    *widget.Button
}

func newBar(t *Try) *bar {
	b := &bar{try: t}
	b.back = widgets.NewLink("", t.showGrid)
	b.said = look.Small("")
	b.progress = widget.NewProgressBar()
	b.progress.TextFormatter = func() string { return "" }
	b.stop = widget.NewButton("Cancel", func() {
		if t.stop != nil {
			t.stop()
		}
	})
	more := widget.NewButtonWithIcon("Add …", icons.Add, nil)
	more.OnTapped = func() {
		menu := fyne.NewMenu("",
			withIcon("Images …", icons.Image, t.chooseImages),
			withIcon("A folder …", icons.Folder, t.chooseFolder),
			withIcon("Paste", icons.Copy, t.paste),
			fyne.NewMenuItemSeparator(),
			withIcon("Take all away", icons.Close, t.clear))
		below(more, menu, t.shell.Window())
	}
	b.export = widget.NewButtonWithIcon("Export …", icons.Export, nil)
	b.export.OnTapped = func() {
		menu := fyne.NewMenu("", fyne.NewMenuItem("Table (CSV)", func() { t.exportAs("csv") }), fyne.NewMenuItem("JSON", func() { t.exportAs("json") }))
		below(b.export, menu, t.shell.Window())
	}
	b.adopt = widget.NewButtonWithIcon("Add to the project …", icons.Import, t.adopt)
	row := look.Row(8, b.back, b.said, look.Width(120, b.progress), b.stop, layout.NewSpacer(), more, b.export, b.adopt)
	b.content = container.NewVBox(look.PadXY(0, 4, row), look.HLine())
	return b
}

func (b *bar) refresh() {
	t := b.try
	busy := t.stop != nil && t.looked < len(t.items)
	setShown(b.progress, busy)
	setShown(b.stop, busy)
	setShown(b.back, t.single.item != nil && len(t.items) > 1)
	b.back.Set("All "+look.Plural(len(t.items), "picture", "pictures"), t.showGrid)
	switch {
	case t.opening:
		b.said.SetText("Loading the network …")
	case busy:
		b.progress.SetValue(float64(t.looked) / float64(len(t.items)))
		b.said.SetText(look.Count(t.looked) + " of " + look.Count(len(t.items)))
	case t.single.item != nil:
		b.said.SetText(t.single.item.name)
	case t.looked < len(t.items):
		b.said.SetText(look.Count(t.looked) + " of " + look.Plural(len(t.items), "picture", "pictures") + " looked at, then cancelled")
	default:
		b.said.SetText(look.Plural(len(t.items), "picture", "pictures"))
	}
	for _, button := range []*widget.Button{b.export, b.adopt} {
		if t.looked > 0 && t.stop == nil {
			button.Enable()
		} else {
			button.Disable()
		}
	}
}

func setShown(o fyne.CanvasObject, shown bool) {
	if shown {
		o.Show()
	} else {
		o.Hide()
	}
}

func withIcon(text string, icon fyne.Resource, do func()) *fyne.MenuItem {
	m := fyne.NewMenuItem(text, do)
	m.Icon = icon
	return m
}

// below shows a menu under a button.
func below(b *widget.Button, m *fyne.Menu, w fyne.Window) {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(b)
	widget.ShowPopUpMenuAtPosition(m, w.Canvas(), at.AddXY(0, b.Size().Height))
}
