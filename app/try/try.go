// Package try is the Try sub-tab of a version's page: images from anywhere are dropped, chosen or pasted, and shown with the version's
// predictions and class activation maps. Nothing of the project changes unless somebody adds them to it.
package try

import (
	"context"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/app/version"
	"viewfinder/icons"
	"viewfinder/widgets/look"
)

// Try is the sub-tab. All its methods belong to the window's thread.
type Try struct {
	project project
	shell   page.Shell
	content *fyne.Container
	body    *fyne.Container // grid or image, beside the panel

	version runs.Version
	view    studio.View
	known   bool // both are
	colors  map[string]color.NRGBA

	network network
	opening bool
	failure error // why there is no network
	ctx     context.Context
	cancel  context.CancelFunc

	items     []*item
	looked    int                // of them
	stop      context.CancelFunc // ends the looking; nil when none goes on
	listing   int                // how many lists of files are being read
	threshold float64
	pasted    []string // folders of pasted images

	grid   *grid
	single *single
	panel  *panel
	bar    *bar
}

// detectionThreshold is the confidence from which on boxes are shown at first, as on the Performance page.
const detectionThreshold = 0.3

// New makes the sub-tab; it shows nothing before Set.
func New(shell page.Shell, p Project) *Try { return newTry(shell, ofProject{p}) }

func newTry(shell page.Shell, project project) *Try {
	t := &Try{project: project, shell: shell, content: container.NewStack(), threshold: 0.5, colors: map[string]color.NRGBA{}}
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
func (t *Try) Set(v runs.Version, view studio.View) {
	same := t.known && t.version.ID == v.ID && t.version.Status == v.Status
	first := !t.known
	t.version, t.view, t.known = v, view, true
	if same {
		return
	}
	if first && view.Type.HasBoxes() {
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

// Selected is called when the tab is opened: the network is loaded, so that the first image is answered at once.
func (t *Try) Selected() {
	if t.known && t.version.CanPredict() && t.network == nil && !t.opening && t.failure == nil {
		t.open()
	}
}

// Close ends what runs and gives the network back.
func (t *Try) Close() {
	t.cancel()
	t.forgetPasted()
	if network := t.network; network != nil {
		t.network = nil
		go network.Close() // it waits for what is being looked at
	}
}

// open loads the network.
func (t *Try) open() {
	t.opening, t.failure = true, nil
	t.show()
	ctx, project, id := t.ctx, t.project, t.version.ID
	go func() {
		network, err := project.Network(ctx, id)
		fyne.Do(func() {
			t.opening = false
			if ctx.Err() != nil {
				if network != nil {
					go network.Close()
				}
				return
			}
			t.network, t.failure = network, err
			t.show()
			t.look()
			if t.single.item != nil && err == nil {
				t.openItem(t.single.at)
			}
		})
	}()
}

// show puts up what there is: why nothing can be tried, what to do, or the images.
func (t *Try) show() {
	put := func(o fyne.CanvasObject) {
		t.content.Objects = []fyne.CanvasObject{o}
		t.content.Refresh()
	}
	switch {
	case !t.known:
		put(container.NewStack())
	case !t.version.CanPredict():
		put(version.Empty(icons.Try, "Nothing to try yet", "Once the version is ready, drop images here to see its predictions."))
	case t.failure != nil:
		put(version.Failure("The network could not be loaded", t.failure, t.open))
	case len(t.items) == 0 && t.listing > 0:
		busy := widget.NewProgressBarInfinite()
		put(version.Empty(icons.Try, "Searching for images …", "The folders are being read.", busy))
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
	watch := widget.NewButtonWithIcon("Watch a folder …", icons.Try, t.watchFolder)
	buttons := container.NewCenter(container.NewHBox(images, folder, paste, watch))
	return version.Empty(icons.Try, "Drop an image or a folder here",
		"See what "+t.version.Name+" predicts for images that it has never seen, and why. Nothing is added to the project unless you choose to.",
		buttons)
}

// refresh brings everything beside the images themselves up to date.
func (t *Try) refresh() {
	t.bar.refresh()
	t.panel.refresh()
}

// setThreshold decides anew what counts, everywhere.
func (t *Try) setThreshold(v float64) {
	t.threshold = v
	t.grid.grid.RefreshAll()
	t.single.mark()
	t.panel.refresh()
}

func (t *Try) showGrid() {
	t.single.close()
	t.single.content.Hide()
	t.grid.content.Show()
	t.body.Refresh()
	t.refresh()
}

// color is a concept's.
func (t *Try) color(concept string) color.NRGBA {
	if c, ok := t.colors[concept]; ok {
		return c
	}
	return color.NRGBA{R: 0x88, G: 0x88, B: 0x88, A: 0xff}
}
