package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"viewfinder/app/studio"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// mostUnviewed is how many images of a project without a view are shown.
const mostUnviewed = 5000

// questions are what the types of views answer about an image, with examples of concepts.
var questions = []struct {
	task              domain.Task
	question, example string
}{
	{domain.Classification, "Which one is it?", "One concept for each image: glass, paper or metal; ripe or unripe."},
	{domain.Tagging, "What applies to it?", "Any number of concepts for each image, or none: scratched, wet, with label."},
	{domain.Detection, "Where is it, and how many?", "A box around each object: cells, screws, animals."},
}

// unviewed shows the images of a project that has no view yet, and beneath them asks what a person wants to know about them: the answer is
// the type of the first view.
type unviewed struct {
	memory  *memory
	content *fyne.Container
	grid    *widgets.ImageGrid
	count   *look.Styled
	images  []studio.Image
	place   map[int64]int // of an image's id in images
	all     int           // images in the project
}

func newUnviewed(m *memory, to galleryActions) *unviewed {
	u := &unviewed{memory: m, grid: widgets.NewImageGrid(), count: look.Small("")}
	u.grid.Item = u.item
	u.grid.OnOpen = func(int) { to.newView(domain.Classification) }
	cards := container.NewGridWithColumns(len(questions))
	for _, t := range questions {
		b := widgets.NewButton(t.question, func() { to.newView(t.task) }).Important(false)
		cards.Add(container.New(layout.NewCustomPaddedVBoxLayout(4), b, look.MutedWrapped(t.example).Centered()))
	}
	head := look.Row(8, look.Heading("What do you want to know about them?"), layout.NewSpacer(), u.count)
	ask := look.Sheet(look.PadXY(14, 10, container.New(layout.NewCustomPaddedVBoxLayout(8), head, cards)))
	u.content = look.Frame(nil, look.Frame(look.HLine(), nil, nil, nil, ask), nil, nil, u.grid)
	u.content.Hide()
	return u
}

// show shows the first images, of all in the project.
func (u *unviewed) show(images []studio.Image, all int) {
	u.images, u.all, u.place = images, all, make(map[int64]int, len(images))
	for i, img := range images {
		u.place[img.ID] = i
	}
	u.grid.SetLength(len(images))
	text := ""
	if all > len(images) {
		text = "the first " + words.Number(len(images)) + " of " + words.Number(all) + " are shown"
	}
	u.count.SetText(text)
}

// item is what a cell shows.
func (u *unviewed) item(i, px int) widgets.GridItem {
	if i >= len(u.images) {
		return widgets.GridItem{}
	}
	img := u.images[i]
	item := widgets.GridItem{Name: img.Name}
	item.Thumbnail, item.Failed = u.memory.thumbnail(studio.Datapoint{ID: img.ID, Image: img}, px)
	return item
}

// refresh shows an image anew whose thumbnail has come.
func (u *unviewed) refresh(image int64) {
	if i, ok := u.place[image]; ok && u.content.Visible() {
		u.grid.RefreshItem(i)
	}
}
