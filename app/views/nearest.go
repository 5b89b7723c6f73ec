package views

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"viewfinder/widgets/look"
)

// nearestShown is how many annotated images explain a suggestion, and nearestSide how large they are.
const (
	nearestShown = 3
	nearestSide  = 64
)

// nearest shows which annotated images are most like the one that something is suggested for: from them comes most of the suggestion.
type nearest struct {
	*model
	content *fyne.Container
	row     *fyne.Container
	of      int64
	ids     []int64
}

func newNearest(m *model) *nearest {
	n := &nearest{model: m, row: container.NewGridWithColumns(nearestShown)}
	n.content = container.NewVBox(look.Small("Most like these, which are annotated:"), n.row)
	n.content.Hide()
	return n
}

// show shows those of the image that is open, where the assistant suggests something for it.
func (n *nearest) show(o *opened) {
	if !o.open || o.guess == nil {
		n.content.Hide()
		n.of = 0
		return
	}
	if o.point.ID != n.of || len(n.ids) == 0 {
		n.of, n.ids = o.point.ID, n.project.Nearest(o.view.ID, o.point.ID, nearestShown)
	}
	n.draw()
}

// draw draws what is in memory, and asks for the rest.
func (n *nearest) draw() {
	if n.of == 0 || len(n.ids) == 0 {
		n.content.Hide()
		return
	}
	n.row.Objects = nil
	for _, id := range n.ids {
		picture := &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScaleFastest}
		picture.SetMinSize(fyne.NewSquareSize(nearestSide))
		caption := look.Small("").Cut()
		if d, ok := n.point(id); ok {
			var names []string
			for _, c := range d.Concepts() {
				names = append(names, n.byID[c].Name)
			}
			if len(names) == 0 {
				names = []string{withoutConcept}
			}
			caption.SetText(strings.Join(names, ", "))
			if img, _ := n.thumbnail(d, 2*nearestSide); img != nil {
				picture.Image = img
			}
		} else {
			n.fetch([]int64{id}, func() {})
		}
		n.row.Add(container.NewBorder(nil, caption, nil, nil, canvas.NewRectangle(color.Transparent), picture))
	}
	n.content.Show()
	n.content.Refresh()
}

// heard draws again what has arrived.
func (n *nearest) heard(id int64) {
	for _, one := range n.ids {
		if n.of != 0 && (id == 0 || id == one) {
			n.draw()
			return
		}
	}
}
